/**
 * Standard output in shells and scripts: pipes that close early, are slow or full; closed
 * descriptors.
 */
import { connectLab } from '../lab/client';

const lab = connectLab();

/** A table of 100,000 real servers, whose listing is larger than any pipe. */
const table = `
awk 'BEGIN { for (s = 0; s < 100; s++) { print "-A -f", s + 1, "-s rr";
  for (i = 0; i < 1000; i++) print "-a -f", s + 1, "-r 10." s "." int(i / 250) "." i % 250 + 1 ":80 -m -w 1" } }' >rules
"$IPVSADM_OURS" -R <rules`;

async function run(script: string) {
  const { stdout, stderr } = await lab.run({ script, timeoutSeconds: 100 });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

test('a reader that goes away ends the program quietly, with the status that a shell expects', async () => {
  const outcome = await run(`${table}
{ "$IPVSADM_OURS" -Ln; echo $? >status; } | head -n 1 >/dev/null; cat status`);
  expect(outcome).toEqual({ stdout: '141\n', stderr: '' });
}, 120_000);

test('a slow reader gets every line', async () => {
  const outcome = await run(`${table}
"$IPVSADM_OURS" -Sn | { sleep 1; sort; } >ours; "$IPVSADM_C" -Sn | sort >theirs; wc -l <ours; cmp ours theirs`);
  expect(outcome).toEqual({ stdout: '100100\n', stderr: '' });
}, 120_000);

test.each([
  ['a full standard output', '>/dev/full', 'No space left on device'],
  ['a closed standard output', '>&-', 'Bad file descriptor'],
])(
  '%s is an error',
  async (_name, redirection, reason) => {
    const outcome = await run(`"$IPVSADM_OURS" -Ln ${redirection}; echo $?`);
    expect(outcome).toEqual({
      stdout: '1\n',
      stderr: `ipvsadm: cannot write to standard output: ${reason}\n`,
    });
  },
  60_000,
);

test('a command that prints nothing works with a closed standard output', async () => {
  const outcome = await run(`"$IPVSADM_OURS" -A -f 5 >&-; echo $?; "$IPVSADM_C" -Sn`);
  expect(outcome).toEqual({ stdout: '0\n-A -f 5 -s wlc\n', stderr: '' });
}, 60_000);
