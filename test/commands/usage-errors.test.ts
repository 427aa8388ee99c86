/**
 * Mistakes in the command line of a subcommand: all of them are reported at once, with a pointer to
 * its help.
 */
import { runSubcommand } from '../../src/commands';
import { relationProblems } from '../../src/commands/support/flag-relations';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const drain = 'server drain --tcp 192.0.2.10:80 --real-server 10.0.0.1';
const service = '--tcp 192.0.2.10:80';

test.each<[line: string, command: string, ...problems: string[]]>([
  // Arguments.
  ['apply', 'apply', 'missing argument FILE'],
  ['daemon start', 'daemon start', 'missing argument STATE: master, backup'],
  ['daemon stop both', 'daemon stop', "'both': STATE must be one of master, backup"],
  ['diff a b c', 'diff', "unexpected argument 'b'", "unexpected argument 'c'"],
  ['restore a b', 'restore', "unexpected argument 'b'"],
  ['restore --check', 'restore', '--check requires a FILE'],
  ['restore --no-trial rules', 'restore', '--no-trial requires --check'],
  ['set-timeouts 1', 'set-timeouts', 'missing argument TCPFIN', 'missing argument UDP'],
  // Flags and their values.
  [`${drain} --weight 3`, 'server drain', 'unknown option: --weight'],
  [`${drain} --weight=3 -z`, 'server drain', 'unknown option: --weight=3', 'unknown option: -z'],
  [`${drain} --wait --timeout`, 'server drain', '--timeout requires a value'],
  ['server drain --real-server --wait', 'server drain', '--real-server requires a value'],
  [`${drain} --wait --until --delete`, 'server drain', '--until requires a value'],
  ['server drain -r', 'server drain', '-r requires a value'],
  ['server drain --real-server=1.2.3.4 -t --wait x', 'server drain', '-t requires a value'],
  [`${drain} --wait --timeout 1 --timeout 2`, 'server drain', '--timeout can be given only once'],
  [`${drain} --wait --timeout abc`, 'server drain', '--timeout abc: must be 0 to 2147483 seconds'],
  [`${drain} --wait --interval 0`, 'server drain', '--interval 0: must be 0.1 to 2147483 seconds'],
  [`${drain} --wait --until never`, 'server drain', '--until never: must be one of empty, idle'],
  [
    'diff --only www rules',
    'diff',
    '--only www: a service is tcp:192.0.2.10:80, udp:[2001:db8::1]:53, fwmark:7 or fwmark:7:ipv6',
  ],
  // Relations.
  ['convert x', 'convert', '--to is required'],
  ['convert x --to y', 'convert', '--to y: must be one of json, yaml, rules, keepalived, ldirectord'],
  [
    'convert x --to json --from=y', // as it was typed, and not as it is called now
    'convert',
    '--from y: must be one of rules, json, yaml, keepalived, ldirectord',
  ],
  ['snapshot --format y', 'snapshot', '--format y: must be one of json, yaml, rules, keepalived, ldirectord'],
  ['convert x --to json --from json --format json', 'convert', '--format can be given only once'],
  ['director reload --config-id lb01', 'director reload', '--config-id requires FILE'],
  [
    'save table.json',
    'save',
    "table.json: table.json is read as json because of its name, and save writes rules: 'ipvsadm snapshot table.json' writes json",
  ],
  [
    'server drain',
    'server drain',
    'which server? name one as SERVICE/SERVER, or give --host ADDRESS, or --tcp, --udp, --sctp or --fwmark with --real-server',
  ],
  [
    'server delete',
    'server delete',
    'one of --tcp, --udp, --sctp, --fwmark is required',
    '--real-server is required',
  ],
  [`service add ${service} --fwmark 7`, 'service add', '--tcp and --fwmark cannot be used together'],
  [`service add ${service} --ipv6`, 'service add', '--ipv6 requires --fwmark'],
  [`${drain} --timeout 3 --delete`, 'server drain', '--timeout requires --wait', '--delete requires --wait'],
  ['list --pretty --json', 'list', '--json and --pretty cannot be used together'],
  ['list --json --yaml', 'list', '--json and --yaml cannot be used together'],
  ['list --connection --yaml', 'list', '--connection and --yaml cannot be used together'],
  ['restore --json rules', 'restore', '--json requires --check'],
  ['list --connection --timeout', 'list', '--connection and --timeout cannot be used together'],
  [`list ${service} --udp 192.0.2.10:53`, 'list', '--tcp and --udp cannot be used together'],
  [
    'list --all-netns --connection --json',
    'list',
    '--all-netns, --connection and --json cannot be used together: use --netns NAME with the last two',
  ],
  [
    `server edit ${service} --real-server 10.0.0.1 --ipip --masquerading`,
    'server edit',
    '--ipip and --masquerading cannot be used together',
  ],
  // All at once. What follows an unknown option may be its value.
  [
    'server drain --tcp 192.0.2.10:80 --udp 192.0.2.10:53 --waight x --until never --timeout -5',
    'server drain',
    "unknown option: --waight; did you mean '--wait'?",
    '--until never: must be one of empty, idle',
    '--timeout -5: must be 0 to 2147483 seconds',
    '--tcp and --udp cannot be used together',
    '--real-server is required',
    '--until requires --wait',
    '--timeout requires --wait',
  ],
])('%s', async (line, command, ...problems) => {
  const kernel = new FakeKernel();
  const outcome = await runIn({ args: line.split(' '), openTransport: () => kernel.open() }, runSubcommand);
  const lines = [...problems.map((problem) => `ipvsadm: ${problem}`), `See: ipvsadm ${command} --help`, ''];
  expect(outcome).toEqual({ stdout: '', stderr: lines.join('\n'), status: 2 });
  expect(kernel.requests).toEqual([]);
});

test('a subcommand that does not exist', async () => {
  const kernel = new FakeKernel();
  const world = { args: ['service', 'ad'], openTransport: () => kernel.open() };
  expect(await runIn(world, runSubcommand)).toEqual({
    stdout: '',
    stderr:
      "ipvsadm: no subcommand 'service ad'; did you mean 'service add'? 'ipvsadm help' lists all of them\n",
    status: 2,
  });
});

test('values that are given and defaults, flags that may be repeated, and arguments after --', async () => {
  const kernel = new FakeKernel();
  const run = (...args: string[]) =>
    runIn({ args, files: { '-x': '-A -f 1\n' }, openTransport: () => kernel.open() }, runSubcommand);
  expect(await run('diff', '--only', 'fwmark:1', '--only=fwmark:1', '--color', 'never', '--', '-x')).toEqual({
    stdout: '--- the table\n+++ -x\n+ -A -f 1 -s wlc\n',
    stderr: '',
    status: 1,
  });
  expect(await run('service', 'add', '-f7', '-6', '-p', '300', '-s=rr')).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
  });
  expect((await run('save')).stdout).toBe('-A -f 7 -6 -s rr -p 300\n');
});

test('every relation is found once, in the order of the flags', () => {
  const flags = {
    one: { type: 'boolean', exclusive: ['two'] },
    two: { type: 'boolean', exclusive: ['one', 'three'] },
    three: { type: 'boolean', dependsOn: ['four'] },
    four: { type: 'boolean' },
    five: { type: 'boolean', required: true },
    six: { type: 'boolean', exactlyOne: ['six', 'seven'] },
    seven: { type: 'boolean', exactlyOne: ['six', 'seven'] },
  } as unknown as Parameters<typeof relationProblems>[0];
  const problems = (...given: string[]) => relationProblems(flags, new Set(given));
  expect(problems('five', 'six')).toEqual([]);
  expect(problems('three', 'four', 'five', 'seven')).toEqual([]);
  expect(problems()).toEqual(['--five is required', 'one of --six, --seven is required']);
  expect(problems('one', 'two', 'three', 'five', 'six', 'seven')).toEqual([
    '--one and --two cannot be used together',
    '--two and --three cannot be used together',
    '--three requires --four',
    '--six and --seven cannot be used together',
  ]);
});
