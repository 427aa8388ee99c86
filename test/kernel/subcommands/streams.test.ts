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

test('snapshot /dev/stdout writes behind what is there, and for what comes after', async () => {
  const outcome = await run(`
{ echo a; program snapshot --to rules /dev/stdout; echo b; } >out
{ echo a; program snapshot --to rules /dev/fd/3; echo b; } 3>&1 >>out
cat out
{ program snapshot --to rules /dev/stdout; echo $? >&2; } | cat
program snapshot /dev/full; echo $?`);
  const rules = '--set 900 120 300\n-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1\n';
  expect(outcome).toEqual({
    stdout: `${rules}a\n${rules}b\na\nb\n${rules}1\n`,
    stderr: '0\nipvsadm: cannot write /dev/full: No space left on device\n',
  });
}, 120_000);

test('a file of another owner keeps owner, group and mode', async () => {
  const outcome = await run(`
echo former >table.json
chown 1234:5678 table.json && chmod 664 table.json
program snapshot table.json; echo $?
stat -c '%u:%g %a' table.json
chmod 777 . && chown 65534 table.json && chmod 666 table.json
cat table.json >before
/usr/bin/setpriv --reuid 4321 --regid 4321 --clear-groups "$IPVSADM_NODE" convert --to json --output table.json before
echo $?; cmp table.json before && ls -A | grep -c tmp`);
  expect(outcome).toEqual({
    stdout: '0\n1234:5678 664\n1\n0\n',
    stderr:
      'ipvsadm: cannot write table.json: its owner and group 65534:5678 cannot be kept: Operation not permitted\n',
  });
}, 120_000);

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
