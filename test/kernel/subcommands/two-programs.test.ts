/**
 * Two programs that change one table at the same time, and signals.
 * IPVSADM_PAIRS=500 IPVSADM_PAIRS_SEED=1 runs more of the random pairs (CONTRIBUTING.md).
 */
import fc from 'fast-check';
import { connectLab } from '../../lab/client';
import { complaints, type Pair, type Program, pair, rule, rulesOf, tableOf } from '../program-pairs';

const lab = connectLab();

async function run(script: string, timeoutSeconds = 100) {
  const { stdout, stderr, status } = await lab.run({ script, timeoutSeconds });
  return { stdout: stdout.toString(), stderr: stderr.toString(), status };
}

/** `servers NAME COUNT WEIGHT`: rules of a service with that many servers, in a file. */
const SERVERS = `
servers() {
  awk -v count="$2" -v weight="$3" 'BEGIN { print "-A -t 192.0.2.1:80 -s rr"
    for (i = 0; i < count; i++) print "-a -t 192.0.2.1:80 -r 10.1." int(i / 250) "." i % 250 + 1 ":80 -m -w " weight }' >"$1"
}
same() { "$IPVSADM_C" -Sn | sort >now; sort "$1" | cmp -s - now; }
`;

test('two apply of the same file: one makes the changes, the other waits and has nothing to do', async () => {
  const outcome = await run(`${SERVERS}
servers former 2000 1; servers wanted 2000 7; echo '-A -f 3 -s rr' >>wanted
for round in 1 2 3; do
  "$IPVSADM_C" -C; "$IPVSADM_C" -R <former
  "$IPVSADM_NODE" apply wanted >one 2>one.errors & first=$!
  "$IPVSADM_NODE" apply wanted >two 2>two.errors; second=$?
  wait $first; echo $? $second; sort one two; same wanted && echo same
  grep -hv '^ipvsadm: another ipvsadm\\( (process [0-9]*)\\)\\? is changing this table; waiting up to 10 s$' one.errors two.errors
done`);
  expect(outcome).toEqual({
    stdout: '0 0\n2001 changes made\nnothing to change\nsame\n'.repeat(3),
    stderr: '',
    status: 1,
  });
}, 120_000);

test('an apply that is refused leaves what another program added meanwhile', async () => {
  const outcome = await run(`${SERVERS}
servers former 500 1; servers wanted 500 7; echo '-A -f 3 -s nosuch' >>wanted
for pause in 0.2 0.3 0.4 0.5 0.6; do
  "$IPVSADM_C" -C; "$IPVSADM_C" -R <former
  "$IPVSADM_NODE" apply wanted >out 2>errors & first=$!
  sleep $pause; "$IPVSADM_C" -a -t 192.0.2.1:80 -r 10.99.0.1:80 -m -w 3
  wait $first; echo $?; { cat former; echo '-a -t 192.0.2.1:80 -r 10.99.0.1:80 -m -w 3'; } >expected
  same expected && echo same
done`);
  expect(outcome).toEqual({ stdout: '255\nsame\n'.repeat(5), stderr: '', status: 0 });
}, 120_000);

test.each([
  ['TERM', 143],
  ['INT', 130],
])(
  'SIG%s between the datagrams of apply undoes it; restore FILE finishes; both say so',
  async (signal, status) => {
    // strace sends the signal at a write(2) of the program. The datagrams of changes are about the 22nd to
    // 28th of apply, the 16th to 20th of restore; those before read the table, and write the history.
    const { stdout } = await run(
      `${SERVERS}
servers former 600 1; servers wanted 600 7
at() { strace -f -o trace -e trace=write -e inject=write:signal=${signal}:when=$1 "$IPVSADM_NODE" "$2" "$3" >out 2>errors; }
"$IPVSADM_C" -R <former
for when in 10 23 25 26; do
  at $when apply wanted; status=$?
  same wanted && echo "made $status $(cat out)"
  same former && echo "former $status $(tail -n 1 errors)"
  "$IPVSADM_C" -C; "$IPVSADM_C" -R <former
done
for when in 16 17 18; do
  "$IPVSADM_C" -C; at $when restore wanted; status=$?
  same wanted && echo "restored $status $(cat errors)"
done`,
      250,
    );
    const lines = stdout.trimEnd().split('\n');
    const undone = `former ${status} ipvsadm: the table is as it was before`;
    const finished = `restored ${status} ipvsadm: interrupted, but everything of wanted is in the table`;
    expect(lines).toEqual(expect.arrayContaining([undone, finished]));
    // A signal that comes before the first change ends the program at once, one after the last nothing.
    const ended = signal === 'TERM' ? 'Terminated' : '';
    const allowed = [undone, finished, `former ${status} ${ended}`, 'made 0 600 changes made', 'restored 0 '];
    expect(lines.filter((line) => !allowed.includes(line))).toEqual([]);
    expect(lines.filter((line) => !line.startsWith('restored'))).toHaveLength(4);
  },
  300_000,
);

describe('without a lock, apply warns and goes on:', () => {
  test.each([
    ['/run is read-only', 'mount -t tmpfs -o ro none /run', '/run/ipvsadm: Read-only file system'],
    [
      'there is no flock',
      'mkdir bin; for name in node sh; do ln -s "$(command -v $name)" bin; done; PATH=$PWD/bin',
      'flock (util-linux, busybox) cannot be run',
    ],
  ])(
    '%s',
    async (_name, prepare, reason) => {
      const outcome = await run(`echo '-A -f 1' >rules; ${prepare}; "$IPVSADM_NODE" apply rules`);
      expect(outcome).toEqual({
        stdout: '1 change made\n',
        stderr: `ipvsadm: warning: the table is not locked (${reason}): let no other ipvsadm change it now\n`,
        status: 0,
      });
    },
    60_000,
  );
});

test('a lock that is held for more than 10 s is an error; classic commands do not wait for it', async () => {
  const outcome = await run(`
"$IPVSADM_NODE" service add -f 1
lock=$(ls /run/ipvsadm/*); echo 4321 >"$lock"
flock "$lock" sleep 15 &
"$IPVSADM_NODE" -A -f 2; echo $?
"$IPVSADM_NODE" service add -f 3; echo $?
"$IPVSADM_C" -Sn; kill $!`);
  expect(outcome).toMatchObject({
    stdout: '0\n2\n-A -f 1 -s wlc\n-A -f 2 -s wlc\n',
    stderr:
      'ipvsadm: another ipvsadm (process 4321) is changing this table; waiting up to 10 s\n' +
      'ipvsadm: another ipvsadm (process 4321) is still changing this table after 10 s: nothing was changed; try again when it has ended\n',
  });
}, 60_000);

/** The shell command of a program; files are named for its place in the pair. */
function commandOf(program: Program, place: string): { files: string; command: string } {
  const node = (words: string) => `"$IPVSADM_NODE" ${words}`;
  switch (program.kind) {
    case 'apply':
    case 'restore': {
      const bulk = program.kind === 'apply' ? ' bulk' : '';
      const files = `cat -${bulk} >${place} <<'END'\n${rulesOf(program.table)}END\n`;
      return { files, command: node(`${program.kind} ${place}`) };
    }
    case 'set':
    case 'drain': {
      const [port, last] = program.server.split('/');
      const weight = program.kind === 'set' ? ` -w ${program.weight}` : '';
      return {
        files: '',
        command: node(`server ${program.kind} -t 192.0.2.1:${port} -r 10.0.0.${last}:${port}${weight}`),
      };
    }
    case 'genuine': {
      const lines = program.lines.map((line) => {
        const value = 'value' in line ? line.value : undefined;
        return `echo '${rule(line.kind, line.entry, value)}'; sleep 0.05`;
      });
      return { files: '', command: `{ ${lines.join('; ')}; } | "$IPVSADM_C" -R` };
    }
  }
}

/** Several batches of servers, so that an apply takes a while. */
const BULK_SERVERS = 400;
const BULK = `awk 'BEGIN { print "-A -f 9 -s rr"
  for (i = 0; i < ${BULK_SERVERS}; i++) print "-a -f 9 -r 10.9." int(i / 250) "." i % 250 + 1 " -g -w 1" }' >bulk`;

function scriptOf({ start, programs, delay }: Pair): string {
  const [first, second] = [commandOf(programs[0], 'first'), commandOf(programs[1], 'second')];
  return `
"$IPVSADM_C" -C
"$IPVSADM_C" -R <<'END'
${rulesOf(start)}END
${first.files}${second.files}{ ${first.command}; echo "first $?"; } >first.out 2>&1 & id=$!
sleep ${delay}; { ${second.command}; echo "second $?"; } >second.out 2>&1
wait $id
echo @pair; "$IPVSADM_C" -Sn; cat first.out second.out`;
}

const runs = Number(process.env.IPVSADM_PAIRS ?? 16);

test(
  'random pairs of programs leave a table that one after the other leaves, and say what is so',
  async () => {
    const seed = Number(process.env.IPVSADM_PAIRS_SEED ?? Date.now() % 1e9);
    const pairs = fc.sample(pair, { numRuns: runs, seed });
    const wrong: string[] = [];
    for (let from = 0; from < pairs.length; from += 8) {
      const some = pairs.slice(from, from + 8);
      const { stdout, stderr } = await run(BULK + some.map(scriptOf).join(''), 300);
      const parts = stdout.split('@pair\n').slice(1);
      if (parts.length !== some.length) wrong.push(`${from}: ${stderr}`);
      for (const [index, part] of parts.entries()) {
        const found = [...complaints(some[index]!, tableOf(part)), ...lies(some[index]!, part)];
        if (found.length > 0)
          wrong.push(`${from + index}: ${found.join('; ')}\n${scriptOf(some[index]!)}\n${part}`);
      }
    }
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  },
  100_000 + 10_000 * runs,
);

/** What the programs said that is not so. */
function lies({ programs }: Pair, printed: string): string[] {
  const applied = ['first', 'second'].some(
    (name, index) => programs[index]!.kind === 'apply' && printed.includes(`${name} 0\n`),
  );
  const bulk = printed.match(/^-a -f 9 /gm)?.length ?? 0;
  const refused = programs.some(
    ({ kind }, index) => kind === 'apply' && !printed.includes(`${['first', 'second'][index]} 0\n`),
  );
  return [
    ...(applied && bulk !== BULK_SERVERS ? [`an apply made ${bulk} of ${BULK_SERVERS} servers`] : []),
    ...(refused ? ['an apply gave up'] : []),
  ];
}
