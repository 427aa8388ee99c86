/** Subcommands whose output streams are closed, full, or not read. */
import { connectLab } from '../../lab/client';

const lab = connectLab();

/** Runs a script in which `program` is ours, on a table with one service. */
async function run(script: string) {
  const { stdout, stderr } = await lab.run({
    script: `program() { "$IPVSADM_NODE" "$@"; }
"$IPVSADM_C" -R <<'END'
-A -t 192.0.2.10:80 -s rr
-a -t 192.0.2.10:80 -r 10.0.0.1 -m
END
${script}`,
    timeoutSeconds: 100,
  });
  return { stdout: stdout.toString(), stderr: stderr.toString() };
}

const printing = [
  ...['version', 'help', 'list', 'list --help', 'list --json', 'list --pretty', 'snapshot', 'save', 'schema'],
  ...['completion bash', 'diff --json table', 'convert --to json table'],
];
const each = (redirection: string) =>
  `program snapshot table
${printing.map((line) => `program ${line} ${redirection}; echo $?`).join('\n')}`;

test('a reader that closes the pipe ends them quietly, with the status that a shell expects', async () => {
  const lines = printing.map((line) => `{ sleep 0.2; program ${line}; echo $? >>statuses; } | true`);
  const outcome = await run(`program snapshot table\n${lines.join('\n')}\ncat statuses`);
  expect(outcome).toEqual({ stdout: '141\n'.repeat(printing.length), stderr: '' });
}, 120_000);

test.each([
  ['full', '>/dev/full', 'No space left on device'],
  ['closed', '>&-', 'Bad file descriptor'],
])(
  'a %s standard output is reported',
  async (_name, redirection, reason) => {
    const outcome = await run(each(redirection));
    expect(outcome).toEqual({
      stdout: '1\n'.repeat(printing.length),
      stderr: `ipvsadm: cannot write to standard output: ${reason}\n`.repeat(printing.length),
    });
  },
  120_000,
);

test('an unwritable standard error changes neither the work nor the status', async () => {
  const outcome = await run(`
program service add --tcp 192.0.2.10:80 2>/dev/full; echo $?
printf -- '-A -t 192.0.2.10:80 -s rr\\n-A -f 7 -s nosuch\\n' >rules
program apply rules 2>/dev/full; echo $?
program restore rules 2>/dev/full; echo $?
program server drain --tcp 192.0.2.10:80 --real-server 10.0.0.1 --wait --delete 2>/dev/full; echo $?
"$IPVSADM_C" -Sn`);
  expect(outcome).toEqual({
    stdout: `255
255
255
10.0.0.1:80 of tcp:192.0.2.10:80 is empty and was deleted
0
-A -t 192.0.2.10:80 -s rr
`,
    stderr: '',
  });
}, 120_000);
