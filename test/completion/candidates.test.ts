/** The awk program of completion, run by every awk of this machine on a small table. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import candidates from '../../src/commands/support/candidates-program';

const table = [
  ['subcommand', 'help', 'print help'],
  ['subcommand', 'list', 'list services'],
  ['option', 'list', '--netns', 'namespace', 'network namespace'],
  ['option', 'list', '--tcp -t', 'service -t', 'TCP service'],
  ['option', 'list', '--numeric -n', '', 'numbers'],
  ['subcommand', 'server set', 'change a server'],
  ['option', 'server set', '--tcp -t', 'service -t', 'TCP service'],
  ['option', 'server set', '--method', 'choice nat tun route', 'method'],
  ['option', 'server set', '--flags', 'list port fallback', 'flags'],
  ['option', 'server set', '--weight -w', 'any', 'weight'],
  ['subcommand', 'server show', 'show a server'],
  ['subcommand', 'convert', 'convert a file'],
  ['argument', 'convert', 'file'],
  ['argument', 'convert', 'choice json rules'],
  ['option', 'convert', '--output', 'file', 'output'],
  ['option', 'convert', '--interface', 'interface', 'interface'],
  ['option', 'convert', '--format', 'choice cf conf', 'format'],
  ['former', 'convert', '--from', '--format', 'choice cf conf'],
  ['classic', '--add-service -A', '--add-service', 'add a service'],
  ['option', '*', '--add-service -A', '', ''],
  ['option', '--add-service', '--tcp-service -t', 'any', 'TCP service'],
  ['option', '--add-service', '--scheduler -s', 'choice rr wrr', 'scheduler'],
  ['classic', '--start-daemon', '--start-daemon', 'start the daemon'],
  ['option', '*', '--start-daemon', 'choice master backup', ''],
  ['global', '--netns', '2'],
  ['global', '--explain', '1'],
  ['global', '--progress', '1'],
  ['option', '*', '--netns', 'namespace', 'network namespace'],
  ['option', '*', '--explain', '', 'explain'],
  ['option', '*', '--scheduler -s', 'choice rr wrr', 'scheduler'],
  ['option', '*', '--numeric -n', '', 'numbers'],
]
  .map((row) => `${row.join('\t')}\n`)
  .join('');

const saved = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 1
-A -u 192.0.2.10:53 -s rr
`;

/** The awks to test, as commands with arguments. */
const awks = [['awk'], ['mawk'], ['gawk'], ['gawk', '--posix'], ['busybox', 'awk'], ['original-awk']].filter(
  ([command, ...rest]) => spawnSync(command!, [...rest, 'BEGIN { exit }']).status === 0,
);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'candidates-'));
  // Takes the place of the program.
  writeFileSync(join(directory, 'ipvsadm'), `#!/bin/sh\ncat <<'END'\n${saved}END\n`);
  chmodSync(join(directory, 'ipvsadm'), 0o755);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function complete([command, ...options]: readonly string[], line: string): string[] {
  const { stdout, stderr } = spawnSync(command!, [...options, candidates, ...line.split(' ')], {
    input: table,
    timeout: 10_000,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', IPVSADM_COMPLETING: join(directory, 'ipvsadm') },
  });
  expect(stderr).toBe('');
  return stdout.split('\n').slice(0, -1);
}

const cases: readonly (readonly [line: string, ...offered: string[]])[] = [
  // Subcommands.
  ['', 'help\tprint help', 'list\tlist services', 'server\tserver commands', 'convert\tconvert a file'],
  ['se', 'server\tserver commands'],
  ['server ', 'set\tchange a server', 'show\tshow a server'],
  ['server sh', 'show\tshow a server'],
  ['help ', 'list\tlist services', 'server\tserver commands', 'convert\tconvert a file'],
  ['help server se', 'set\tchange a server'],
  ['nothing '],
  // Options of subcommands: those not given yet.
  [
    'list -',
    '--netns\tnetwork namespace',
    '--tcp\tTCP service',
    '-t\tTCP service',
    '--numeric\tnumbers',
    '-n\tnumbers',
  ],
  ['list -n --n', '--netns\tnetwork namespace'],
  ['list --numeric ', '--netns\tnetwork namespace', '--tcp\tTCP service', '-t\tTCP service'],
  ['server set --weight 1 --w'],
  // Values.
  ['server set --method t', 'tun\t'],
  ['server set --method=t', '--method=tun\t'],
  ['server set --flags ', 'port\t', 'fallback\t'],
  ['server set --flags port,f', 'port,fallback\t'],
  ['server set --flags=port,', '--flags=port,port\t', '--flags=port,fallback\t'],
  ['server set --weight '],
  // Arguments.
  ['convert ', ':file'],
  ['convert a j', 'json\t'],
  ['convert --output ', ':file'],
  ['convert --output=x', ':file'],
  ['convert --output x a r', 'rules\t'],
  // A former name is not offered, but known.
  ['convert --f', '--format\tformat'],
  ['convert --from co', 'conf\t'],
  ['convert --from=co', '--from=conf\t'],
  ['convert --from cf a r', 'rules\t'],
  ['convert --from cf --f'],
  // The classic syntax.
  ['--a', '--add-service\tadd a service'],
  ['-A -', '--tcp-service\tTCP service', '-t\tTCP service', '--scheduler\tscheduler', '-s\tscheduler'],
  ['-A -t x -s ', 'rr\t', 'wrr\t'],
  ['-A -t x --scheduler w', 'wrr\t'],
  ['-nA -s w', 'wrr\t'],
  ['--start-daemon m', 'master\t'],
  ['-n --s', '--start-daemon\tstart the daemon', '--scheduler\tscheduler'],
  // Global options.
  ['--explain li', 'list\tlist services'],
  ['--netns blue --explain li', 'list\tlist services'],
  ['--netns=blue li', 'list\tlist services'],
  ['--explain --e'],
  ['--progress '],
];

const named = awks.map((awk) => [awk.join(' '), awk] as const);

test('there is an awk', () => expect(awks).not.toEqual([]));

test.each(named)('%s finds the candidates', (_name, awk) => {
  expect(cases.map(([line]) => [line, ...complete(awk, line)])).toEqual(cases);
});

/** The names in a directory, in the order of ls. */
function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).sort() : [];
}

test.each(named)('%s offers interfaces and network namespaces', (_name, awk) => {
  const interfaces = namesIn('/sys/class/net').map((name) => `${name}\tinterface`);
  expect(complete(awk, 'convert --interface ')).toEqual(interfaces);
  expect(
    complete(awk, 'convert --interface=l').filter((line) => line.startsWith('--interface=lo\t')),
  ).toEqual(['--interface=lo\tinterface']);
  const namespaces = namesIn('/run/netns').map((name) => `${name}\tnetwork namespace`);
  expect(complete(awk, '--netns ')).toEqual(namespaces);
});

// Without ip_vs the program is not run.
const loaded = existsSync('/proc/net/ip_vs');

test.each(named)('%s takes services from the program', (_name, awk) => {
  const offered = (line: string) => complete(awk, line);
  expect(offered('list -t ')).toEqual(loaded ? ['192.0.2.10:80\tvirtual service, wrr'] : []);
  expect(offered('--netns blue list --tcp=1')).toEqual(
    loaded ? ['--tcp=192.0.2.10:80\tvirtual service, wrr'] : [],
  );
  expect(offered('--netns $(touch$IFS/tmp/x) list -t ')).toEqual([]);
});
