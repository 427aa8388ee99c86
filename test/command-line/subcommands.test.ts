import { requestCommands } from '../../src/command-line/command-table';
import { globalOptions } from '../../src/command-line/global-options';
import { isSubcommand } from '../../src/command-line/subcommands';
import { runSubcommand } from '../../src/commands';
import { ipvsCommands } from '../../src/ipvs/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { toHex } from '../helpers/hex';
import { type Outcome, runIn } from '../helpers/test-system';

/** Rules that precede every pair, so that there is something to list, edit and delete. */
const before =
  '-A -t 192.0.2.10:80 -s rr -p 300\n-a -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 3\n--start-daemon backup --mcast-interface lo\n';

/** Every command in classic syntax and as a subcommand. */
const pairs = [
  [
    '-A -t 192.0.2.11:80 -s wrr -p 300 -M 255.255.255.0',
    'service add --tcp 192.0.2.11:80 --scheduler wrr --persistent 300 --netmask 255.255.255.0',
  ],
  ['-A -u 192.0.2.11:53 -o --pe sip', 'service add --udp 192.0.2.11:53 --ops --pe sip'],
  ['-A --sctp-service 192.0.2.11:2905 -b flag-1', 'service add --sctp 192.0.2.11:2905 --sched-flags flag-1'],
  ['-A -f 7 -6 -s mh', 'service add --fwmark 7 --ipv6 --scheduler mh'],
  ['-A -f 7 -6 -M 64 -s mh', 'service add -f 7 -6 -M 64 -s mh'],
  ['-E -t 192.0.2.10:80 -s lc', 'service edit --tcp 192.0.2.10:80 --scheduler lc'],
  ['-D -t 192.0.2.10:80', 'service delete --tcp 192.0.2.10:80'],
  ['-a -t 192.0.2.10:80 -r 10.0.0.18', 'server add --tcp 192.0.2.10:80 --real-server 10.0.0.18'],
  [
    '-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m -w 5 -x 9 -y 8',
    'server add --tcp 192.0.2.10:80 --real-server 10.0.0.18:8080 --masquerading --weight 5 --u-threshold 9 --l-threshold 8',
  ],
  [
    '-a -t 192.0.2.10:80 -r 10.0.0.18 -i --tun-type gue --tun-port 6080 --tun-csum',
    'server add --tcp 192.0.2.10:80 --real-server 10.0.0.18 --ipip --tun-type gue --tun-port 6080 --tun-csum',
  ],
  [
    '-e -t 192.0.2.10:80 -r 10.0.0.17:80 -m -w 0',
    'server edit --tcp 192.0.2.10:80 --real-server 10.0.0.17:80 --masquerading --weight 0',
  ],
  ['-d -t 192.0.2.10:80 -r 10.0.0.17:80', 'server delete --tcp 192.0.2.10:80 --real-server 10.0.0.17:80'],
  ['-L -n', 'list --numeric'],
  ['-L -n -t 192.0.2.10:80 --stats -X', 'list --numeric --tcp 192.0.2.10:80 --stats --exact'],
  ['-L -c -n', 'list --connection --numeric'],
  ['-L -c -n', 'list --connection'],
  ['-L -n', 'list'],
  ['-L', 'list --resolve'],
  ['-L --timeout', 'list --timeout'],
  ['-L --daemon', 'list --daemon'],
  ['-Z', 'zero'],
  ['-Z -t 192.0.2.10:80', 'zero --tcp 192.0.2.10:80'],
  ['-C', 'clear'],
  ['-S -n', 'save --numeric'],
  ['-S', 'save --resolve'],
  ['-S -n', 'save'],
  ['-R', 'restore'],
  ['--set 100 0 300', 'set-timeouts 100 0 300'],
  [
    '--start-daemon master --mcast-interface lo --syncid 3 --mcast-group 224.0.0.99 --mcast-port 9000 --mcast-ttl 5 --sync-maxlen 1400',
    'daemon start master --mcast-interface lo --syncid 3 --mcast-group 224.0.0.99 --mcast-port 9000 --mcast-ttl 5 --sync-maxlen 1400',
  ],
  ['--stop-daemon backup', 'daemon stop backup'],
] as const;

/** The requests that only ask, by which subcommands find out what an edit resets. */
const looks: readonly number[] = [ipvsCommands.getService, ipvsCommands.getDest];

const runWith = (args: readonly string[], kernel = new FakeKernel()): Promise<Outcome> =>
  runIn({ args, stdin: '-D -f 1\n-A -f 2\n', openTransport: () => kernel.open() }, (system) =>
    runSubcommand({ ...system, args }),
  );

test.each(pairs)('%s is: %s', async (classic, subcommand) => {
  const outcomes = [];
  for (const [line, program] of [
    [classic, main],
    [subcommand, runSubcommand],
  ] as const) {
    const kernel = new FakeKernel();
    const openTransport = () => kernel.open();
    await runIn({ args: ['-R'], stdin: before, openTransport }, main);
    kernel.requests.length = 0;
    const { stderr, ...outcome } = await runIn(
      {
        args: line.split(' '),
        hosts: '192.0.2.10 www.example.org\n',
        stdin: '-D -f 1\n-A -f 2\n',
        openTransport,
      },
      program,
    );
    // Subcommands are parsed before the kernel is asked, which does not matter if they are invalid.
    const edits = classic.startsWith('-E') || classic.startsWith('-e');
    const requests = kernel.requests
      .filter(({ command }) => outcome.status !== 2 && !(edits && looks.includes(command)))
      .map(({ command, flags, attributes }) => ({ command, flags, attributes: toHex(attributes) }));
    // Only a subcommand says what an edit resets, and explains a refusal: server-edit.test.ts, explained.test.ts.
    const [message] = stderr.split('\n');
    outcomes.push({ ...outcome, message: edits ? '' : message, requests });
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
});

test.each([['help'], ['list --help'], ['server drain --help']])(
  '%s names the options of every command',
  async (line) => {
    const { stdout, status } = await runWith(line.split(' '));
    expect(status).toBe(0);
    for (const [name, { summary }] of Object.entries(globalOptions)) {
      expect(stdout).toContain(`--${name}`);
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    }
  },
);

test('every command has a subcommand, and one of the pairs', () => {
  const used = new Set(
    pairs.map(([, line]) => requestCommands.find((command) => line.startsWith(command.subcommand))?.name),
  );
  const missing = requestCommands.filter(({ name }) => !used.has(name)).map(({ name }) => name);
  expect(missing).toEqual(['help', 'version']);
});

describe('whether a command line is a subcommand', () => {
  test.each([
    [['service', 'add'], true],
    [['list'], true],
    [['help'], true],
    [['version'], true],
    [['set-timeouts'], true],
    [[], false],
    [['-L'], false],
    [['--list'], false],
    [['foo'], false],
    [['add'], false],
  ])('%j: %p', (args, expected) => {
    expect(isSubcommand(args)).toBe(expected);
  });
});

describe('an invalid subcommand has status 2 and a message that names the help:', () => {
  test.each([
    ['an unknown flag', ['list', '--bogus'], /bogus/],
    ['a flag of another command', ['list', '--weight', '1'], /weight/],
    ['a flag without its value', ['service', 'add', '--tcp'], /tcp/],
    ['a missing service', ['service', 'add'], /tcp/],
    ['two services', ['service', 'add', '--tcp', '192.0.2.1:80', '--udp', '192.0.2.1:80'], /udp/],
    ['a missing real server', ['server', 'add', '--tcp', '192.0.2.1:80'], /real-server/],
    [
      'two forwarding methods',
      ['server', 'add', '--tcp', '192.0.2.1:80', '--real-server', '10.0.0.1', '--ipip', '--masquerading'],
      /masquerading|ipip/,
    ],
    ['an unknown state', ['daemon', 'start', 'both'], /master/],
    ['a missing timeout', ['set-timeouts', '1', '2'], /UDP/],
    ['a stray argument', ['clear', 'now'], /now/],
    ['an unknown subcommand', ['service', 'rename'], /service rename/],
  ] as const)('%s', async (_name, args, naming) => {
    const { stdout, stderr, status } = await runWith(args);
    expect({ stdout, status, names: naming.test(stderr), help: /help/.test(stderr) }).toEqual({
      stdout: '',
      status: 2,
      names: true,
      help: true,
    });
  });
});

test('a refused change has the status of ipvsadm', async () => {
  expect(await runWith(['service', 'delete', '--fwmark', '7'])).toEqual({
    stdout: '',
    stderr: expect.stringMatching(
      /^No such service: the table has no service fwmark:7; it has no services\n/,
    ),
    status: 255,
  });
});

test('an error leaves the exit status of the process unchanged', async () => {
  await runWith(['service', 'delete', '--fwmark', '7']);
  await runWith(['list', '--bogus']);
  expect(process.exitCode).toBeUndefined();
});

test('version names this program', async () => {
  const { stdout, stderr, status } = await runWith(['version']);
  expect({
    stdout: /^ipvsadm for Node \d+\.\d+\.\d+ \(Node\.js v.*\)\n$/.test(stdout),
    stderr,
    status,
  }).toEqual({
    stdout: true,
    stderr: '',
    status: 0,
  });
});
