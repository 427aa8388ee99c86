/** `connections`: filters, counts and what comes and goes. */
import { runSubcommand } from '../../src/commands';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const FILE = '/proc/net/ip_vs_conn';
const title = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';
const titles =
  'IPVS connection entries\npro expire state       source             virtual            destination\n';
const table = [
  'TCP C0000207 9C43 0A010064 0050 0A020003 1F90 ESTABLISHED     899',
  'TCP C0000207 9C44 0A010064 01BB 0A020004 1F90 TIME_WAIT       119',
  'TCP C6336401 9C45 0A010064 0050 0A020003 1F90 ESTABLISHED     700',
  'UDP C6336401 0035 0A010064 0035 0A020005 0035 UDP              20',
  'TCP 2001:0db8:0000:0000:0000:0000:0000:0007 1F90 2001:0db8:0000:0000:0000:0000:0000:0010 0050 2001:0db8:0000:0000:0000:0000:0000:0017 0050 ESTABLISHED 5',
  'IP  C0000207 0000 00000007 0000 0A020003 0000 NONE             50',
];
const lines = [
  'TCP 14:59  ESTABLISHED 192.0.2.7:40003    10.1.0.100:80      10.2.0.3:8080',
  'TCP 01:59  TIME_WAIT   192.0.2.7:40004    10.1.0.100:443     10.2.0.4:8080',
  'TCP 11:40  ESTABLISHED 198.51.100.1:40005 10.1.0.100:80      10.2.0.3:8080',
  'UDP 00:20  UDP         198.51.100.1:53    10.1.0.100:53      10.2.0.5:53',
  'TCP 00:05  ESTABLISHED [2001:db8::7]:8080 [2001:db8::10]:80  [2001:db8::17]:80',
  'IP  00:50  NONE        192.0.2.7:0        0.0.0.7:0          10.2.0.3:0',
];

const openTransport = () => new FakeKernel().open();

async function connections(
  line: string,
  file: string | undefined = title + table.map((row) => `${row}\n`).join(''),
) {
  const args = ['connections', ...line.split(' ').filter((word) => word !== '')];
  return await runIn({ args, openTransport, files: { [FILE]: file } }, runSubcommand);
}

test.each<[string, number[]]>([
  ['', [0, 1, 2, 3, 4, 5]],
  ['--client 192.0.2.7', [0, 1, 5]],
  ['--client 192.0.2.0/24 --client 2001:db8::/32', [0, 1, 4, 5]],
  ['--service 10.1.0.100:80', [0, 2]],
  ['--service 10.1.0.100', [0, 1, 2, 3]],
  ['--service [2001:db8::10]:80', [4]],
  ['--server 10.2.0.4 --server 10.2.0.5:53', [1, 3]],
  ['--state established', [0, 2, 4]],
  ['--protocol udp --protocol ip', [3, 5]],
  ['--expires-to 60', [3, 4, 5]],
  ['--expires-from 100 --expires-to 800', [1, 2]],
  ['--client 192.0.2.7 --server 10.2.0.3 --protocol tcp', [0]],
])('%s', async (line, rows) => {
  const listed = rows.map((row) => `${lines[row]}\n`).join('');
  expect(await connections(line)).toEqual({ status: 0, stdout: titles + listed, stderr: '' });
});

test.each([
  ['--count', '6\n'],
  ['--count --server 10.2.0.3', '3\n'],
  [
    '--summary client',
    'CONNECTIONS  SHARE  CLIENT\n          3  50.0%  192.0.2.7\n          2  33.3%  198.51.100.1\n          1  16.7%  [2001:db8::7]\n',
  ],
  [
    '--summary server --top 1',
    'CONNECTIONS  SHARE  SERVER\n          2  33.3%  10.2.0.3:8080\n          4  66.7%  4 more\n',
  ],
  ['--summary service --protocol udp --json', '{"service":"udp:10.1.0.100:53","connections":1}\n'],
  ['--summary state --client 192.0.2.9', 'CONNECTIONS  SHARE  STATE\n'],
  [
    '--json --protocol udp',
    '{"protocol":"udp","client":{"address":"198.51.100.1","port":53},"virtual":{"address":"10.1.0.100","port":53},"server":{"address":"10.2.0.5","port":53},"state":"UDP","expires":20}\n',
  ],
])('%s', async (line, stdout) => {
  expect(await connections(line)).toEqual({ status: 0, stdout, stderr: '' });
});

test.each([
  [
    '--client 192.0.2.0/33',
    'ipvsadm: --client 192.0.2.0/33: must be an address, or a network such as 192.0.2.0/24',
  ],
  [
    '--server web',
    'ipvsadm: --server web: must be an address, or an address with a port, such as 10.0.0.17:80 or [2001:db8::17]:80',
  ],
  ['--top 5', 'ipvsadm: --top requires --summary'],
  ['--count --json', 'ipvsadm: --count and --json cannot be used together'],
])('it refuses %s', async (line, message) => {
  const { status, stdout, stderr } = await connections(line);
  expect({ status, stdout, stderr: stderr.split('\n')[0] }).toEqual({
    status: 2,
    stdout: '',
    stderr: message,
  });
});

test('without the kernel’s file it fails', async () => {
  const files = { [FILE]: undefined };
  const { status, stderr } = await runIn({ args: ['connections'], openTransport, files }, runSubcommand);
  expect({ status, stderr }).toEqual({ status: 1, stderr: `cannot open file ${FILE}\n` });
});
