/**
 * What subcommands say about wrong options: the option and its value, what is wrong, and what would
 * be right. The classic syntax has the C program's sentences, none of which may come from a
 * subcommand.
 */
import fc from 'fast-check';
import { type OptionLong, options } from '../../src/command-line/options';
import { runSubcommand } from '../../src/commands';
import { flagName } from '../../src/commands/support/option-flags';
import { commands } from '../../src/commands/tree';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const hosts = '192.0.2.7 www.example.org\n';

async function run(args: readonly string[], program = runSubcommand) {
  const kernel = new FakeKernel();
  const outcome = await runIn({ args, hosts, openTransport: () => kernel.open() }, program);
  return { ...outcome, requests: kernel.requests.length };
}

/** The rest of a command line that takes the option. */
const completed: { readonly [long in OptionLong]?: string } = {
  'fwmark-service': 'service add',
  'real-server': 'server add --tcp 192.0.2.10:80',
  netmask: 'service add --tcp 192.0.2.10:80',
  scheduler: 'service add --tcp 192.0.2.10:80',
  persistent: 'service add --tcp 192.0.2.10:80',
  pe: 'service add --tcp 192.0.2.10:80',
  'sched-flags': 'service add --tcp 192.0.2.10:80',
  syncid: 'daemon start master',
  'sync-maxlen': 'daemon start master',
  'mcast-interface': 'daemon start master',
  'mcast-group': 'daemon start master',
  'mcast-port': 'daemon start master',
  'mcast-ttl': 'daemon start master',
};
const service = 'service add';
const server = 'server add --tcp 192.0.2.10:80 --real-server 10.0.0.1';
const lineOf = (long: OptionLong) => completed[long] ?? (long.endsWith('-service') ? service : server);

const endpoint = 'give an address such as 192.0.2.10:80 or [2001:db8::1]:80';
const endpoints: readonly [value: string, problem: string][] = [
  ['', `is empty: ${endpoint}`],
  [
    '192.0.2.300:80',
    "'192.0.2.300' is not an IPv4 address: it has four numbers from 0 to 255, as in 192.0.2.10",
  ],
  [
    '192.0.2.1.7:80',
    "'192.0.2.1.7' is not an IPv4 address: it has four numbers from 0 to 255, as in 192.0.2.10",
  ],
  ['80', `has no address: ${endpoint}`],
  [':80', `has no address: ${endpoint}`],
  ['192.0.2.10 :80', `has a space: ${endpoint}`],
  ['192.0.2.10]:80', `has a stray bracket: ${endpoint}`],
  ['192.0.2.10:', 'the port is missing after the colon: give a number from 0 to 65535'],
  ['192.0.2.10:65536', 'port 65536 is too large: give a number from 0 to 65535'],
  ['192.0.2.10:-1', "'-1' is not a port: give a number from 0 to 65535"],
  ['192.0.2.10:htp', "no port is known by the name 'htp' for tcp: give a number from 0 to 65535"],
  ['nowhere:80', `no IPv4 address is known for host 'nowhere': ${endpoint}`],
  ['[192.0.2.10]:80', 'only an IPv6 address has brackets: write 192.0.2.10:80'],
  ['[www.example.org]:80', "'www.example.org' is not an IPv6 address: write one such as [2001:db8::1]:80"],
  ['[2001:db8::1', 'the bracket is not closed: write [2001:db8::1]:80'],
  ['[2001:db8::1]', 'has brackets but no port: write [2001:db8::1]:80, or 2001:db8::1'],
  ['[2001:db8::1]80', "'80' after the bracket is not a port: write [2001:db8::1]:80"],
  ['[2001:db8:::1]:80', "'2001:db8:::1' is not an IPv6 address: write one such as [2001:db8::1]:80"],
  ['[2001:db8::1]:x', "no port is known by the name 'x' for tcp: give a number from 0 to 65535"],
  ['1:2:3:4:5:6:7:8:80', 'an IPv6 address with a port needs brackets: [1:2:3:4:5:6:7:8]:80'],
  ['2001:db8:::1', 'is not an IPv6 address: write one such as 2001:db8::1, with a port [2001:db8::1]:80'],
];
const numbers = (remedy: string, tooLarge: string, tooSmall?: string): [string, string][] => [
  ['', `is empty: ${remedy}`],
  ['x', `is not a whole number: ${remedy}`],
  ['1.5', `is not a whole number: ${remedy}`],
  ['-1', `is negative: ${remedy}`],
  [tooLarge, `is too large: ${remedy}`],
  ...(tooSmall === undefined ? [] : [[tooSmall, `is too small: ${remedy}`] as [string, string]]),
];
const names = (what: string, length: number): [string, string][] => [
  ['', `is empty: give ${what}, or leave the option out`],
  ['n'.repeat(length + 1), `is too long: ${what} has at most ${length} bytes`],
];
const connections = 'give a number of connections from 0 (no threshold) to 2147483647';

/** Wrong values of every option that takes one, and what is said about them. */
const wrong: { readonly [long in OptionLong]?: readonly [value: string, problem: string][] } = {
  'tcp-service': endpoints,
  'udp-service': endpoints.map(([value, problem]) => [value, problem.replace('for tcp', 'for udp')]),
  'sctp-service': endpoints.map(([value, problem]) => [value, problem.replace('for tcp', 'for sctp')]),
  'fwmark-service': numbers('give a firewall mark from 1 to 4294967295', '4294967296', '0'),
  scheduler: names('the name of a scheduler', 15),
  persistent: numbers('give seconds from 1 to 2678400', '2678401', '0'),
  netmask: [
    ['', 'is not an IPv4 netmask: give one such as 255.255.255.0'],
    ['24', 'is a prefix length, but the service is IPv4: give the netmask 255.255.255.0'],
    ['/8', 'is a prefix length, but the service is IPv4: give the netmask 255.0.0.0'],
    ['255.255.256.0', 'is not an IPv4 netmask: give one such as 255.255.255.0'],
    ['www.example.org', 'is not an IPv4 netmask: give one such as 255.255.255.0'],
  ],
  pe: names('the name of a persistence engine', 16),
  'sched-flags': names('a list of flags', 127),
  'real-server': endpoints,
  weight: numbers('give a weight from 0 (no new connections) to 2147483647', '2147483648'),
  'u-threshold': numbers(connections, '2147483648'),
  'l-threshold': numbers(connections, '2147483648'),
  'tun-type': [['ipp', 'is not a tunnel type: give ipip, gue, gre']],
  'tun-port': numbers('give a port from 1 to 65535', '65536', '0'),
  syncid: numbers('give a sync ID from 0 to 255', '256'),
  'sync-maxlen': numbers('give a length in bytes from 1 to 65507', '65508', '0'),
  'mcast-interface': names('the name of an interface', 15),
  'mcast-group': [
    ['x', 'is not an address: give one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.81'],
    ['192.0.2.1', 'is not a multicast address: give one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.81'],
    ['2001:db8::1', 'is not a multicast address: give one in 224.0.0.0/4 or ff00::/8, such as 224.0.0.81'],
  ],
  'mcast-port': numbers('give a port from 1 to 65535', '65536', '0'),
  'mcast-ttl': numbers('give a time to live from 1 to 255', '256', '0'),
};

test('every option with a value is in the table', () => {
  const withValue = options.filter(({ argument }) => argument).map(({ long }) => long);
  expect(Object.keys(wrong).sort()).toEqual([...withValue].sort());
});

const cases = Object.entries(wrong).flatMap(([long, values]) =>
  values.map(([value, problem]) => [long as OptionLong, value, problem] as const),
);

test.each(cases)('--%s %s: %s', async (long, value, problem) => {
  const option = options.find((each) => each.long === long)!;
  const line = lineOf(long);
  // The real server of the line is not given twice.
  const args = [...line.split(' '), `--${flagName(option)}=${value}`];
  const command = line.replace(/ --.*| master/, '');
  expect(await run(args)).toEqual({
    stdout: '',
    stderr: `ipvsadm: --${flagName(option)} ${value}: ${problem}\nSee: ipvsadm ${command} --help\n`,
    status: 2,
    requests: 0,
  });
});

test.each([
  ['64x', 'is not a whole number: give a prefix length from 1 to 128'],
  ['0', 'is too small: give a prefix length from 1 to 128'],
  ['129', 'is too large: give a prefix length from 1 to 128'],
  ['255.255.255.0', 'is an IPv4 netmask, but the service is IPv6: give a prefix length from 1 to 128'],
])('the netmask %s of an IPv6 service', async (value, problem) => {
  for (const key of ['--tcp [2001:db8::1]:80', '--fwmark 1 --ipv6', '--udp 2001:db8::1 --persistent 9']) {
    const { stderr } = await run(`service add ${key} --netmask ${value}`.split(' '));
    expect(stderr.split('\n')[0]).toBe(`ipvsadm: --netmask ${value}: ${problem}`);
  }
});

const tcp = 'server add --tcp 192.0.2.10:80 --real-server';
test.each([
  // Services.
  [
    'service add --tcp 2001:db8::1:80',
    '--tcp 2001:db8::1:80: an IPv6 address with a port needs brackets: [2001:db8::1]:80',
  ],
  [
    'service add --tcp 192.0.2.10',
    '--tcp 192.0.2.10: a service without a port (all ports) requires persistence: give a port, as in 192.0.2.10:80, or --persistent',
  ],
  [
    'service edit --udp [2001:db8::10]:0',
    '--udp [2001:db8::10]:0: a service without a port (all ports) requires persistence: give a port, as in [2001:db8::10]:80, or --persistent',
  ],
  [
    'service add --tcp 192.0.2.10:80 --ops',
    '--ops and --tcp 192.0.2.10:80: one-packet scheduling is for UDP and firewall marks: give --udp or --fwmark, or leave --ops out',
  ],
  [
    'service add --tcp 192.0.2.10:80 --scheduler sh --sched-flags mh-port,sh-port,x',
    "--sched-flags mh-port,sh-port,x: scheduler sh has no flag 'mh-port': it has flag-1, flag-2, flag-3, sh-fallback, sh-port",
    "--sched-flags mh-port,sh-port,x: scheduler sh has no flag 'x': it has flag-1, flag-2, flag-3, sh-fallback, sh-port",
  ],
  [
    'service add --fwmark 1 --sched-flags ,',
    '--sched-flags ,: names no flag: scheduler wlc has flag-1, flag-2, flag-3',
  ],
  // Real servers.
  [
    `${tcp} 10.0.0.17:8080`,
    '--real-server 10.0.0.17:8080: only masquerading changes the port, here from 80 to 8080: give --masquerading, or leave the port out',
  ],
  [
    `${tcp} 10.0.0.17:8080 --ipip`,
    '--real-server 10.0.0.17:8080: only masquerading changes the port, here from 80 to 8080: give --masquerading, or leave the port out',
  ],
  [
    'server edit --tcp 192.0.2.10:80 --real-server 10.0.0.17:8080 --weight 0',
    '--real-server 10.0.0.17:8080: only masquerading changes the port, here from 80 to 8080: give --masquerading, or use server set, which keeps the method',
  ],
  [
    'server add --tcp [2001:db8::10]:80 --real-server 2001:db8::1:80',
    '--real-server 2001:db8::1:80: an IPv6 address with a port needs brackets: [2001:db8::1]:80, or [2001:db8::1:80]:80 if all of it is the address',
  ],
  [
    `${tcp} 224.0.0.1`,
    "--real-server 224.0.0.1: is not a unicast address: give the real server's own address",
  ],
  [
    `${tcp} 2001:db8::17`,
    '--real-server 2001:db8::17: is IPv6, but the service is IPv4: give an IPv4 address, or --ipip, which bridges the two',
  ],
  [
    `${tcp} 10.0.0.1 --u-threshold 5 --l-threshold 9`,
    '--l-threshold 9: is above --u-threshold 5: give 0 to 5, or a larger --u-threshold',
  ],
  [
    `${tcp} 10.0.0.1 --l-threshold 9`,
    '--l-threshold 9: is above the default of --u-threshold, 0: give a --u-threshold of at least that',
  ],
  [
    `${tcp} 10.0.0.1 --tun-type gue --tun-csum`,
    '--tun-type gue: is for tunneling only: give --ipip, or leave --tun-type out',
    '--tun-csum: is for tunneling only: give --ipip, or leave --tun-csum out',
  ],
  [
    `${tcp} 10.0.0.1 --ipip --tun-type gue`,
    '--tun-type gue: requires the UDP port of its encapsulation: give --tun-port, such as --tun-port 6080',
  ],
  [
    `${tcp} 10.0.0.1 --ipip --tun-port 6080`,
    '--tun-port 6080: a tunnel of type ipip does not take it: give --tun-type gue, or leave --tun-port out',
  ],
  [
    `${tcp} 10.0.0.1 --ipip --tun-type gre --tun-remcsum`,
    '--tun-remcsum: a tunnel of type gre does not take it: give --tun-type gue, or leave --tun-remcsum out',
  ],
  [
    `${tcp} 10.0.0.1 --ipip --tun-type gre --tun-csum --tun-nocsum`,
    '--tun-nocsum and --tun-csum cannot be used together',
  ],
  // Arguments.
  [
    'set-timeouts x -1 2678401',
    'TCP x: is not a whole number: give seconds from 0 (keep the present timeout) to 2678400',
    'TCPFIN -1: is negative: give seconds from 0 (keep the present timeout) to 2678400',
    'UDP 2678401: is too large: give seconds from 0 (keep the present timeout) to 2678400',
  ],
  // Several columns of a listing.
  ['list --stats --rate', '--stats and --rate cannot be used together'],
  ['list --pretty --rate --thresholds', '--rate and --thresholds cannot be used together'],
  ['list --persistent-conn --tun-info', '--persistent-conn and --tun-info cannot be used together'],
  ['list --connection --stats', '--connection and --stats cannot be used together'],
  ['list --timeout --persistent-conn', '--timeout and --persistent-conn cannot be used together'],
  ['list --daemon --thresholds', '--daemon and --thresholds cannot be used together'],
  ['list --numeric --resolve', '--numeric and --resolve cannot be used together'],
  // Mistyped options.
  [
    'service add --tcp 192.0.2.10:80 --schedler rr',
    "unknown option: --schedler; did you mean '--scheduler'?",
  ],
  ['list --stat', "unknown option: --stat; did you mean '--stats'?"],
  [
    'server set --wieght=3 -t 192.0.2.10:80 -r 10.0.0.1',
    "unknown option: --wieght=3; did you mean '--weight'?",
  ],
])('%s', async (line, ...problems) => {
  const { stderr, ...rest } = await run(line.split(' '));
  expect(rest).toEqual({ stdout: '', status: 2, requests: 0 });
  expect(stderr.split('\n').slice(0, -2)).toEqual(problems.map((problem) => `ipvsadm: ${problem}`));
});

test.each([
  ['server ad', "no subcommand 'server ad'; did you mean 'server add'? 'ipvsadm help' lists all of them"],
  [
    'server ad -t 192.0.2.1:80 -r 10.0.0.1',
    "no subcommand 'server ad'; did you mean 'server add'? 'ipvsadm help' lists all of them",
  ],
  [
    'daemon strat master',
    "no subcommand 'daemon strat'; did you mean 'daemon start'? 'ipvsadm help' lists all of them",
  ],
  ['service rename', "no subcommand 'service rename'; 'ipvsadm help' lists all of them"],
  ['help lsit', "no subcommand 'lsit'; did you mean 'list'? 'ipvsadm help' lists all of them"],
])('%s', async (line, message) => {
  expect(await run(line.split(' '))).toEqual({
    stdout: '',
    stderr: `ipvsadm: ${message}\n`,
    status: 2,
    requests: 0,
  });
});

test('a real server of a firewall mark keeps a port of its own, and the port of the service may be given', async () => {
  const kernel = new FakeKernel();
  const ok = { stdout: '', stderr: '', status: 0 };
  for (const line of [
    'service add --fwmark 7',
    'server add --fwmark 7 --real-server 10.0.0.1:8080',
    'service add --tcp 192.0.2.10:80',
    'server add --tcp 192.0.2.10:80 --real-server 10.0.0.1:80',
    'server add --tcp 192.0.2.10:80 --real-server 10.0.0.2:http --ipip',
    'server add --tcp 192.0.2.10:80 --real-server 10.0.0.3:8080 --masquerading',
  ]) {
    expect(await runIn({ args: line.split(' '), openTransport: () => kernel.open() }, runSubcommand)).toEqual(
      ok,
    );
  }
  const { stdout } = await runIn({ args: ['save'], openTransport: () => kernel.open() }, runSubcommand);
  expect(stdout.match(/-r \S+/g)).toEqual([
    '-r 10.0.0.1:80',
    '-r 10.0.0.2:80',
    '-r 10.0.0.3:8080',
    '-r 10.0.0.1:8080',
  ]);
});

test('what looks like an address is not looked up', async () => {
  const kernel = new FakeKernel();
  const lookedUp: string[] = [];
  for (const [value] of endpoints.filter(([text]) => !text.includes('nowhere') && !text.startsWith('[www'))) {
    const args = ['service', 'add', `--tcp=${value}`];
    await runIn({ args, openTransport: () => kernel.open() }, (system) =>
      runSubcommand({
        ...system,
        addressOfHost: async (name) => {
          lookedUp.push(name);
          return undefined;
        },
      }),
    );
  }
  expect(lookedUp).toEqual([]);
});

/** Values, right and wrong, for any option. */
const anyValue = fc.constantFrom(
  ...[
    '192.0.2.10:80',
    '192.0.2.10',
    '[2001:db8::1]:80',
    '2001:db8::1',
    '10.0.0.1:8080',
    '0',
    '1',
    '80',
    '-1',
    'x',
  ],
  ...['', 'rr', 'sh', 'sip', 'sh-port', 'gue', 'gre', 'ipip', '255.255.255.0', '64', '224.0.0.1', 'ff02::1'],
);
const anyLine = fc
  .constantFrom(
    ...Object.keys(commands).filter((id) => /^(service|server|daemon|list|save|zero|clear)/.test(id)),
  )
  .chain((id) => {
    const flags = Object.entries(commands[id]!.flags ?? {}).filter(
      ([name]) => !['wait', 'all-netns'].includes(name),
    );
    const flag = fc.constantFrom(...flags.map(([name, { type }]) => ({ name, type })), {
      name: 'numeric',
      type: 'boolean' as const,
    });
    const word = fc
      .tuple(flag, anyValue)
      .map(([{ name, type }, value]) => (type === 'boolean' ? `--${name}` : `--${name}=${value}`));
    const state = id.startsWith('daemon') ? ['master'] : [];
    return fc.array(word, { maxLength: 7 }).map((words) => [...id.split(':'), ...state, ...words]);
  });

test('an invalid command line has no message of the C program, and the kernel is not asked', async () => {
  await fc.assert(
    fc.asyncProperty(anyLine, async (args) => {
      const { status, stderr, stdout, requests } = await run(args);
      if (status !== 2) return;
      expect(stdout).toBe('');
      if (args[1] !== 'set') expect(requests).toBe(0);
      for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^(ipvsadm|See): /);
    }),
    { numRuns: 500 },
  );
});

test('the classic syntax keeps the messages of the C program', async () => {
  const messageOf = async (line: string) => (await run(line.split(' '), main)).stderr;
  expect(await messageOf('-A -t 192.0.2.300:80')).toBe('illegal virtual server address[:port] specified\n');
  expect(await messageOf('-a -t 192.0.2.10:80 -r 10.0.0.1 -w -1')).toBe('illegal weight specified\n');
  expect(await messageOf('-L -c --stats')).toBe('options conflicts in the list command\n');
});
