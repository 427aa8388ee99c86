/** `service show` and `server list` on the fake kernel. */
import { unicodeFromBytes } from '../../src/bytes/unicode';
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

const rules = `-A -t 192.0.2.10:80 -s wrr -p 300 -M 255.255.255.0
-a -t 192.0.2.10:80 -r 10.0.0.1 -m -w 3
-a -t 192.0.2.10:80 -r 10.0.0.2 -m -w 1
-A -u 192.0.2.10:80 -s rr -o
-a -u 192.0.2.10:80 -r 10.0.0.3 -m -w 0
-A -f 7 -s sh -b sh-port
`;

async function run(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const entry = kernel.entries.find(({ service }) => service.scheduler === 'wrr')!;
  Object.assign(entry.service.stats64!, { connections: 12n, inBytes: 123_456_789n, connectionRate: 2n });
  for (const server of entry.destinations) {
    const first = server.address?.[3] === 1;
    Object.assign(server, { activeConnections: first ? 2 : 1, inactiveConnections: first ? 3 : 4 });
  }
  const outcome = await runIn({ args: line.split(' '), openTransport, ...world }, runSubcommand);
  return { ...outcome, stdout: unicodeFromBytes(outcome.stdout) };
}

test('everything that is known of a service', async () => {
  expect(await run('service show tcp:192.0.2.10:80')).toEqual({
    stdout: `TCP 192.0.2.10:80
  scheduler             wrr
  flags                 none
  persistence           persistent 300 s, netmask 255.255.255.0
  real servers          2, 2 of them with a weight
  connections           3 active, 7 inactive, 0 persistent
  since the last reset  12 connections, 0 packets in, 0 out, 123456789 bytes in, 0 out
  a second              2 connections, 0 packets in, 0 out, 0 bytes in, 0 out
┌─────────────┬──────────────┬────────┬───────┬─────┬────────┬──────────┐
│ Real server │ Method       │ Weight │ Share │ Has │ Active │ Inactive │
├─────────────┼──────────────┼────────┼───────┼─────┼────────┼──────────┤
│ 10.0.0.1:80 │ masquerading │      3 │   75% │ 50% │      2 │        3 │
│ 10.0.0.2:80 │ masquerading │      1 │   25% │ 50% │      1 │        4 │
└─────────────┴──────────────┴────────┴───────┴─────┴────────┴──────────┘
`,
    stderr: '',
    status: 0,
  });
  const { stdout } = await run('service show fwmark:7');
  expect(stdout).toMatch(/^FWM 7\n {2}scheduler {13}sh\n {2}flags {17}sh-port\n {2}persistence {11}none\n/);
  expect(stdout).toMatch(/\n {2}no real servers\n$/);
});

test('as JSON it is the document of list --json', async () => {
  const { stdout } = await run('service show udp:192.0.2.10:80 --json');
  expect(stdout).toBe((await run('list --json --udp 192.0.2.10:80')).stdout);
});

test.each([
  [
    '192.0.2.10:80',
    2,
    'ipvsadm: 192.0.2.10:80 names several services: give one of tcp:192.0.2.10:80, udp:192.0.2.10:80\n',
  ],
  [
    '192.0.2.11',
    1,
    'ipvsadm: the table has no service 192.0.2.11; it has: tcp:192.0.2.10:80, udp:192.0.2.10:80, fwmark:7\n',
  ],
  ['web', 2, 'ipvsadm: web: a service is 192.0.2.10:80, tcp:192.0.2.10:80,'],
])('service show %s', async (name, status, message) => {
  const outcome = await run(`service show ${name}`);
  expect(outcome).toMatchObject({ stdout: '', status });
  expect(outcome.stderr.startsWith(message)).toBe(true);
});

test('server list: a line for each server, or a table on a terminal', async () => {
  expect(await run('server list --sort active')).toEqual({
    stdout: `Service            Real server  Method        Weight  Share  Active  Inactive  State
TCP 192.0.2.10:80  10.0.0.1:80  masquerading       3    75%       2         3  -
TCP 192.0.2.10:80  10.0.0.2:80  masquerading       1    25%       1         4  -
UDP 192.0.2.10:80  10.0.0.3:80  masquerading       0     0%       0         0  down
`,
    stderr: '',
    status: 0,
  });
  const { stdout } = await run('server list udp:192.0.2.10:80 --rate', {
    terminal: true,
    environment: { NO_COLOR: '1' },
  });
  expect(stdout.split('\n')[1]).toMatch(/^│ Service +│ Real server │ .* │ Conns\/s │ .* State │$/);
  expect(stdout.split('\n')[3]).toMatch(/^│ .*UDP 192\.0\.2\.10:80.* │ .*10\.0\.0\.3:80.* │/);
});

test('server list: filters, and an object a line', async () => {
  const { stdout } = await run('server list --state down --json');
  expect(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as object),
  ).toEqual([
    expect.objectContaining({ service: 'udp:192.0.2.10:80', address: '10.0.0.3', port: 80, weight: 0 }),
  ]);
  expect((await run('server list --server 10.0.0.9', { terminal: true })).stdout).toBe('no real servers\n');
  expect((await run('server list fwmark:8')).status).toBe(1);
});
