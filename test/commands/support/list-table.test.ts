/** What `list` chooses from the table, and in which order, in each of its forms. */
import { unicodeFromBytes } from '../../../src/bytes/unicode';
import { runSubcommand } from '../../../src/commands';
import { main } from '../../../src/program/classic';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn, type TestWorld } from '../../helpers/test-system';

const rules = `-A -t 192.0.2.10:80 -s wrr
-a -t 192.0.2.10:80 -r 10.0.0.1 -m -w 0
-a -t 192.0.2.10:80 -r 10.0.0.2 -m -w 0
-a -t 192.0.2.10:80 -r 10.0.0.3 -m -w 3 -x 5
-a -t 192.0.2.10:80 -r 10.0.0.4 -m -w 1
-A -u 192.0.2.10:80 -s rr
-a -u 192.0.2.10:80 -r 10.0.0.1 -m -w 0
-A -t 192.0.2.11:443 -s rr
-A -f 7 -s rr
-a -f 7 -r 10.0.0.4:0 -g -w 1
`;

async function kernelWithTable() {
  const kernel = new FakeKernel();
  await runIn({ args: ['-R'], stdin: rules, openTransport: () => kernel.open() }, main);
  const connections = (last: number, activeConnections: number) => {
    const server = kernel.entries[0]!.destinations.find(({ address }) => address?.[3] === last);
    Object.assign(server!, { activeConnections });
  };
  connections(1, 2);
  connections(3, 5);
  return kernel;
}

async function list(line: string, world: Partial<TestWorld> = {}) {
  const kernel = await kernelWithTable();
  const args = ['list', ...line.split(' ').filter((word) => word !== '')];
  return await runIn({ args, openTransport: () => kernel.open(), ...world }, runSubcommand);
}

/** Services and servers of the classic listing, a service a line. */
async function listed(line: string): Promise<string[]> {
  const { stdout, stderr, status } = await list(line);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const lines = stdout.split('\n').slice(3, -1);
  return lines
    .map((text) => text.replace(/^ {2}-> (\S+?):\d+ .*/, '> $1').replace(/^(\S+ +\S+) .*/, '$1'))
    .join(' ')
    .split(/ (?=TCP|UDP|FWM)/)
    .filter((text) => text !== '');
}

const web = 'TCP  192.0.2.10:80';
const dns = 'UDP  192.0.2.10:80';

test.each([
  ['--service 192.0.2.10:80', [`${web} > 10.0.0.1 > 10.0.0.2 > 10.0.0.3 > 10.0.0.4`, `${dns} > 10.0.0.1`]],
  ['--service udp:192.0.2.10:80', [`${dns} > 10.0.0.1`]],
  ['--service 192.0.2.10 --protocol udp', [`${dns} > 10.0.0.1`]],
  ['--service fwmark:7 --service 192.0.2.11', ['TCP  192.0.2.11:443', 'FWM  7 > 10.0.0.4']],
  ['--protocol fwmark', ['FWM  7 > 10.0.0.4']],
  ['--server 10.0.0.4', [`${web} > 10.0.0.4`, 'FWM  7 > 10.0.0.4']],
  ['--server 10.0.0.4:80', [`${web} > 10.0.0.4`]],
  ['--server 10.0.0.9', []],
  ['--state draining', [`${web} > 10.0.0.1`]],
  ['--state down', [`${web} > 10.0.0.2`, `${dns} > 10.0.0.1`]],
  ['--state overloaded', [`${web} > 10.0.0.3`]],
  ['--state draining --state overloaded', [`${web} > 10.0.0.1 > 10.0.0.3`]],
  ['--state empty', ['TCP  192.0.2.11:443', `${dns} > 10.0.0.1`]],
  ['--state empty --server 10.0.0.1', [`${dns} > 10.0.0.1`]],
  ['--state down --tcp 192.0.2.10:80', ['> 10.0.0.2']],
  [
    '--sort weight',
    [`${web} > 10.0.0.3 > 10.0.0.4 > 10.0.0.1 > 10.0.0.2`, 'FWM  7 > 10.0.0.4', 'TCP  192.0.2.11:443'],
  ],
  ['--sort active --service tcp:192.0.2.10', [`${web} > 10.0.0.3 > 10.0.0.1 > 10.0.0.2 > 10.0.0.4`]],
])('list %s', async (line, expected) => {
  const found = await listed(line);
  // The line of a single service (--tcp) comes without the line of the version.
  expect(found.slice(0, expected.length)).toEqual(expected);
  expect(found.length).toBe(line === '--sort weight' ? 4 : expected.length);
});

test('filters and order of --json', async () => {
  const { stdout } = await list('--json --state draining --state overloaded --sort active');
  const { services } = JSON.parse(stdout) as { services: { servers: { address: string }[] }[] };
  expect(services.map(({ servers }) => servers.map(({ address }) => address))).toEqual([
    ['10.0.0.3', '10.0.0.1'],
  ]);
});

test('filters of the table for people; shares stay those among all servers', async () => {
  const { stdout } = await list('--pretty --server 10.0.0.4 --service tcp:192.0.2.10:80');
  expect(unicodeFromBytes(stdout)).toBe(`TCP 192.0.2.10:80  scheduler wrr
┌─────────────┬──────────────┬────────┬───────┬────────┬──────────┐
│ Real server │ Method       │ Weight │ Share │ Active │ Inactive │
├─────────────┼──────────────┼────────┼───────┼────────┼──────────┤
│ 10.0.0.4:80 │ masquerading │      1 │  100% │      0 │        0 │
└─────────────┴──────────────┴────────┴───────┴────────┴──────────┘
`);
  expect((await list('--pretty --server 10.0.0.9')).stdout).toBe('nothing matches\n');
});

test('a table for people on a terminal only, unless one or the other is asked for', async () => {
  const isPretty = async (line: string, terminal: boolean) => {
    const { stdout, status } = await list(line, { terminal });
    expect(status).toBe(0);
    return !stdout.startsWith('IP Virtual Server') && !stdout.startsWith('{');
  };
  expect(await isPretty('', true)).toBe(true);
  expect(await isPretty('', false)).toBe(false);
  expect(await isPretty('--no-pretty', true)).toBe(false);
  expect(await isPretty('--pretty', false)).toBe(true);
  expect(await isPretty('--json', true)).toBe(false);
  expect(await isPretty('--no-pretty --json', true)).toBe(false);
  const classic = await list('--no-pretty', { terminal: true });
  expect(classic).toEqual(await list('', { terminal: false }));
  for (const other of ['--connection', '--timeout', '--daemon']) {
    expect(await list(other, { terminal: true })).toEqual(await list(other, { terminal: false }));
  }
});

test('classic syntax prints the same on a terminal', async () => {
  const kernel = await kernelWithTable();
  const run = (args: string[], terminal: boolean) =>
    runIn({ args, openTransport: () => kernel.open(), terminal }, main);
  for (const args of [[], ['-L'], ['-Ln'], ['-ln', '--stats'], ['--list']]) {
    expect(await run(args, true)).toEqual(await run(args, false));
  }
});

test.each([
  ['--service web', '--service web: must be an address, an address with a port, a service such as'],
  ['--server 10.0.0', '--server 10.0.0: must be an address'],
  ['--state up', '--state up: must be one of draining, overloaded, down, empty'],
  ['--sort name', '--sort name: must be one of address, active'],
  ['--protocol gre', '--protocol gre: must be one of tcp, udp, sctp, fwmark'],
  ['--sort rate --nosort', '--nosort and --sort cannot be used together'],
  ['--connection --state down', '--connection and --state cannot be used together'],
])('list %s is refused', async (line, message) => {
  const { stdout, stderr, status } = await list(line);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toContain(`ipvsadm: ${message}`);
});
