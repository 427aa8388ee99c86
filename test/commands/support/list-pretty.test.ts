/**
 * `list --pretty`. The expected tables are written by hand: ipvsadm 1.31 has nothing to compare
 * with.
 */
import { runSubcommand } from '../../../src/commands';
import { main } from '../../../src/program/classic';
import { FakeKernel } from '../../helpers/fake-kernel';
import { runIn, type TestWorld } from '../../helpers/test-system';

const before = `-A -t 192.0.2.10:80 -s wrr -p 300 -M 255.255.255.0
-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80
-a -t 192.0.2.10:80 -r 9.0.0.18 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum
-a -t 192.0.2.10:80 -r 10.0.0.19:80 -g -w 0
-A -t [2001:db8::10]:443 -s sh -b sh-port
-a -t [2001:db8::10]:443 -r [2001:db8:aaaa:bbbb:cccc:dddd:eeee:17]:443 -g -w 4
-A -f 7 -6 -s rr
-A -u 192.0.2.9:53 -s wlc -o
-a -u 192.0.2.9:53 -r 10.0.0.3 -m -w 2
-a -u 192.0.2.9:53 -r 10.0.0.1 -m -w 1
`;

async function list(line: string, world: Partial<TestWorld> = {}, rules = before) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: rules, openTransport }, main);
  const [server] = kernel.entries[0]?.destinations.slice(-1) ?? [];
  if (server) {
    Object.assign(server, { activeConnections: 90, inactiveConnections: 11, persistentConnections: 4 });
    Object.assign(server.stats64!, { inBytes: 123_456_789n, inByteRate: 99_999n });
  }
  return await runIn(
    { args: ['list', '--pretty', ...line.split(' ').filter((word) => word !== '')], openTransport, ...world },
    runSubcommand,
  );
}

const printed = (stdout: string) => ({ stdout, stderr: '', status: 0 });

test('a table for each service, sorted by address; shares, thresholds, tunnels, states', async () => {
  expect(await list('-n')).toEqual(
    printed(`TCP 192.0.2.10:80  scheduler wrr  persistent 300 s  netmask 255.255.255.0
  Real server     Method        Weight  Share  Active  Inactive  Persistent  Thresholds  Tunnel
  9.0.0.18:80     tunneling          2   100%       0         0           0              gue port 6080 checksum
  10.0.0.17:8080  masquerading       3     0%      90        11           4     80..100                          overloaded
  10.0.0.19:80    gatewaying         0     0%       0         0           0                                      draining

UDP 192.0.2.9:53  scheduler wlc  one-packet
  Real server  Method        Weight  Share  Active  Inactive
  10.0.0.1:53  masquerading       1  33.3%       0         0
  10.0.0.3:53  masquerading       2  66.7%       0         0

TCP [2001:db8::10]:443  scheduler sh  sh-port
  Real server                                 Method      Weight  Share  Active  Inactive
  [2001:db8:aaaa:bbbb:cccc:dddd:eeee:17]:443  gatewaying       4   100%       0         0

FWM 7 (IPv6)  scheduler rr
  no real servers
`),
  );
});

test('a narrow terminal drops the less important columns, but never cuts an address or a port', async () => {
  const narrow = `TCP 192.0.2.10:80  scheduler wrr
    persistent 300 s
    netmask 255.255.255.0
  Real server     Active
  9.0.0.18:80          0
  10.0.0.17:8080      90  overloaded
  10.0.0.19:80         0  draining
  too narrow for:  Method  Weight
    Share  Inactive  Persistent
    Thresholds  Tunnel
`;
  expect(await list('-n --tcp 192.0.2.10:80', { width: 36 })).toEqual(printed(narrow));
  expect(await list('-n --tcp 192.0.2.10:80', { environment: { COLUMNS: '36' } })).toEqual(printed(narrow));
  expect(await list('-n --tcp [2001:db8::10]:443', { width: 10 })).toMatchObject({
    stdout: expect.stringContaining('\n  [2001:db8:aaaa:bbbb:cccc:dddd:eeee:17]:443\n'),
  });
});

test.each([
  [
    '--stats',
    `  Real server     Method        Weight  Share  Active  Inactive  Persistent  Thresholds  Tunnel                  Conns  In pkts  Out pkts  In bytes  Out bytes`,
    '123M',
  ],
  ['--stats --exact', '', '123456789'],
  ['--rate', 'Conns/s  In pkts/s  Out pkts/s  In B/s  Out B/s', '99999'],
])('%s adds counters, and a line for the service', async (flags, titles, counter) => {
  const { stdout, stderr, status } = await list(`-n --tcp 192.0.2.10:80 ${flags}`);
  expect({ stderr, status, lines: stdout.split('\n').length }).toEqual({ stderr: '', status: 0, lines: 7 });
  const [, title, , overloaded, , all] = stdout.split('\n');
  expect(title).toContain(titles);
  expect(overloaded).toMatch(new RegExp(` ${counter} +0 +overloaded$`));
  expect(all).toMatch(/^ {2}all( +0){5}$/);
});

test('names, without --numeric', async () => {
  const { stdout } = await list('--tcp 192.0.2.10:80', { hosts: '192.0.2.10 www.example.org\n' });
  expect(stdout).toMatch(/^TCP www\.example\.org:http {2}.*\n.*\n {2}9\.0\.0\.18:http /);
});

test('colours on a terminal or with --color; draining servers are dim', async () => {
  const dim = '\x1b[2m10.0.0.19:80\x1b[22m';
  const coloured = async (line: string, world?: Partial<TestWorld>) =>
    (await list(`-n ${line}`, world)).stdout.includes(dim);
  expect(await coloured('')).toBe(false);
  expect(await coloured('--color always')).toBe(true);
  expect(await coloured('', { terminal: true })).toBe(true);
  expect(await coloured('', { terminal: true, environment: { NO_COLOR: '1' } })).toBe(false);
  expect(await coloured('--color never', { terminal: true })).toBe(false);
});

test('an empty table, and a service that does not exist', async () => {
  expect(await list('', {}, '')).toEqual(printed('no virtual services\n'));
  expect(await list('--udp 192.0.2.10:80')).toEqual({ stdout: '', stderr: 'No such service\n', status: 1 });
});

test.each(['--connection', '--timeout', '--daemon', '--json'])('it cannot be used with %s', async (flag) => {
  expect(await list(flag)).toMatchObject({
    stdout: '',
    status: 2,
    stderr: expect.stringContaining('pretty'),
  });
});
