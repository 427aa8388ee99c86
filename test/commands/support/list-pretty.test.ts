/** `list --pretty`. The C program has nothing like it: the expected output is written by hand. */
import { bytesFromUnicode, unicodeFromBytes } from '../../../src/bytes/unicode';
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

/** Output has one character per byte; the borders are Unicode. */
const printed = (text: string) => ({ stdout: bytesFromUnicode(text), stderr: '', status: 0 });

test('a table for each service, in the order of the addresses; shares, thresholds, tunnels, states', async () => {
  expect(await list('-n')).toEqual(
    printed(`TCP 192.0.2.10:80  scheduler wrr  persistent 300 s  netmask 255.255.255.0
┌────────────────┬──────────────┬────────┬───────┬────────┬──────────┬────────────┬────────────┬────────────────────────┬────────────┐
│ Real server    │ Method       │ Weight │ Share │ Active │ Inactive │ Persistent │ Thresholds │ Tunnel                 │ State      │
├────────────────┼──────────────┼────────┼───────┼────────┼──────────┼────────────┼────────────┼────────────────────────┼────────────┤
│ 9.0.0.18:80    │ tunneling    │      2 │  100% │      0 │        0 │          0 │            │ gue port 6080 checksum │            │
│ 10.0.0.17:8080 │ masquerading │      3 │    0% │     90 │       11 │          4 │    80..100 │                        │ overloaded │
│ 10.0.0.19:80   │ gatewaying   │      0 │    0% │      0 │        0 │          0 │            │                        │ down       │
└────────────────┴──────────────┴────────┴───────┴────────┴──────────┴────────────┴────────────┴────────────────────────┴────────────┘

UDP 192.0.2.9:53  scheduler wlc  one-packet
┌─────────────┬──────────────┬────────┬───────┬────────┬──────────┐
│ Real server │ Method       │ Weight │ Share │ Active │ Inactive │
├─────────────┼──────────────┼────────┼───────┼────────┼──────────┤
│ 10.0.0.1:53 │ masquerading │      1 │ 33.3% │      0 │        0 │
│ 10.0.0.3:53 │ masquerading │      2 │ 66.7% │      0 │        0 │
└─────────────┴──────────────┴────────┴───────┴────────┴──────────┘

TCP [2001:db8::10]:443  scheduler sh  sh-port
┌────────────────────────────────────────────┬────────────┬────────┬───────┬────────┬──────────┐
│ Real server                                │ Method     │ Weight │ Share │ Active │ Inactive │
├────────────────────────────────────────────┼────────────┼────────┼───────┼────────┼──────────┤
│ [2001:db8:aaaa:bbbb:cccc:dddd:eeee:17]:443 │ gatewaying │      4 │  100% │      0 │        0 │
└────────────────────────────────────────────┴────────────┴────────┴───────┴────────┴──────────┘

FWM 7 (IPv6)  scheduler rr
  no real servers
`),
  );
});

test('a narrow terminal omits the less important columns, but never truncates an address or a port', async () => {
  const narrow = `TCP 192.0.2.10:80  scheduler wrr  persistent 300 s  netmask 255.255.255.0
┌────────────────┬────────┬────────────┐
│ Real server    │ Active │ State      │
├────────────────┼────────┼────────────┤
│ 9.0.0.18:80    │      0 │            │
│ 10.0.0.17:8080 │     90 │ overloaded │
│ 10.0.0.19:80   │      0 │ down       │
└────────────────┴────────┴────────────┘
too narrow for: Method, Weight, Share, Inactive, Persistent, Thresholds, Tunnel
`;
  expect(await list('-n --tcp 192.0.2.10:80', { width: 40 })).toEqual(printed(narrow));
  expect(await list('-n --tcp 192.0.2.10:80', { environment: { COLUMNS: '40' } })).toEqual(printed(narrow));
  expect(await list('-n --tcp 192.0.2.10:80', { width: 39 })).toMatchObject({
    stdout: expect.stringContaining(bytesFromUnicode('\n│ Real server    │ State      │\n')),
  });
  expect(await list('-n --tcp [2001:db8::10]:443', { width: 10 })).toMatchObject({
    stdout: expect.stringContaining(bytesFromUnicode('\n│ [2001:db8:aaaa:bbbb:cccc:dddd:eeee:17]:443 │\n')),
  });
});

test('80 columns are enough for the usual columns, and for counters in place of some of them', async () => {
  const linesOf = async (flags: string) =>
    unicodeFromBytes((await list(`-n --udp 192.0.2.9:53 ${flags}`, { width: 80 })).stdout).split('\n');
  expect((await linesOf('')).slice(1)).toEqual([
    '┌─────────────┬──────────────┬────────┬───────┬────────┬──────────┐',
    '│ Real server │ Method       │ Weight │ Share │ Active │ Inactive │',
    '├─────────────┼──────────────┼────────┼───────┼────────┼──────────┤',
    '│ 10.0.0.1:53 │ masquerading │      1 │ 33.3% │      0 │        0 │',
    '│ 10.0.0.3:53 │ masquerading │      2 │ 66.7% │      0 │        0 │',
    '└─────────────┴──────────────┴────────┴───────┴────────┴──────────┘',
    '',
  ]);
  expect((await linesOf('--stats')).slice(1)).toEqual([
    '┌─────────────┬────────┬───────┬─────────┬──────────┬──────────┬───────────┐',
    '│ Real server │ Active │ Conns │ In pkts │ Out pkts │ In bytes │ Out bytes │',
    '├─────────────┼────────┼───────┼─────────┼──────────┼──────────┼───────────┤',
    '│ 10.0.0.1:53 │      0 │     0 │       0 │        0 │        0 │         0 │',
    '│ 10.0.0.3:53 │      0 │     0 │       0 │        0 │        0 │         0 │',
    '│ all         │        │     0 │       0 │        0 │        0 │         0 │',
    '└─────────────┴────────┴───────┴─────────┴──────────┴──────────┴───────────┘',
    'too narrow for: Method, Weight, Share, Inactive',
    '',
  ]);
});

test.each([
  ['--stats', 'Conns │ In pkts │ Out pkts │ In bytes │ Out bytes │ State      │', '123M'],
  ['--stats --exact', 'Conns │ In pkts │ Out pkts │  In bytes │ Out bytes │ State      │', '123456789'],
  ['--rate', 'Conns/s │ In pkts/s │ Out pkts/s │ In B/s │ Out B/s │ State      │', '99999'],
])('%s adds counters, and a row for the complete service', async (flags, titles, counter) => {
  const { stdout, stderr, status } = await list(`-n --tcp 192.0.2.10:80 ${flags}`);
  const lines = unicodeFromBytes(stdout).split('\n');
  expect({ stderr, status, lines: lines.length }).toEqual({ stderr: '', status: 0, lines: 10 });
  const [, , title, , , overloaded, , all] = lines;
  expect(title).toMatch(new RegExp(`^│ Real server .* │ ${titles}$`));
  expect(overloaded).toMatch(new RegExp(` ${counter} │ +0 │ overloaded │$`));
  expect(all).toMatch(/^│ all +( │ +){8}( │ +0){5} │ +│$/);
});

test('numbers, unless names are requested', async () => {
  const { stdout } = await list('--resolve --tcp 192.0.2.10:80', { hosts: '192.0.2.10 www.example.org\n' });
  expect(unicodeFromBytes(stdout)).toMatch(
    /^TCP www\.example\.org:http {2}.*\n(.*\n){3}│ 9\.0\.0\.18:http +│ /,
  );
  const numbers = await list('--tcp 192.0.2.10:80', { hosts: '192.0.2.10 www.example.org\n' });
  expect(numbers).toEqual(await list('--numeric --tcp 192.0.2.10:80'));
  expect(numbers.stdout).toMatch(/^TCP 192\.0\.2\.10:80 /);
});

test('colours on a terminal, or if requested; draining servers are dim', async () => {
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
  const { stderr, ...rest } = await list('--udp 192.0.2.10:80');
  expect(rest).toEqual({ stdout: '', status: 1 });
  expect(stderr.split('\n').slice(0, 2)).toEqual([
    'No such service: the table has no service udp:192.0.2.10:80; it has tcp:192.0.2.10:80, udp:192.0.2.9:53, tcp:[2001:db8::10]:443, fwmark:7:ipv6',
    'ipvsadm: list-services was refused with ESRCH (3). Causes:',
  ]);
});

test.each(['--connection', '--timeout', '--daemon', '--json'])('excludes %s', async (flag) => {
  expect(await list(flag)).toMatchObject({
    stdout: '',
    status: 2,
    stderr: expect.stringContaining('pretty'),
  });
});
