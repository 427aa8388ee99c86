import { runSubcommand } from '../../src/commands';
import type { Call, CallTarget } from '../../src/platform/interactive-system';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn, type TestWorld } from '../helpers/test-system';

/** A socket of rtnetlink whose only route leads elsewhere. */
const noRoute: NonNullable<TestWorld['openNetlink']> = () => ({
  send() {},
  receive() {
    // NLMSG_ERROR, ENETUNREACH (101), for the first request.
    const view = new DataView(new ArrayBuffer(36));
    view.setUint32(0, 36, true);
    view.setUint16(4, 2, true);
    view.setUint32(8, 1, true);
    view.setInt32(16, -101, true);
    return new Uint8Array(view.buffer);
  },
  close() {},
});

const titles = 'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n';

/** Runs probe on a director whose connection table has each call's real server. */
async function probe(line: string, world: Partial<TestWorld> = {}) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  const rules = [
    '-A -t 192.0.2.10:80 -s rr',
    '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -g -w 1',
    '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1',
  ];
  await runIn({ args: ['-R'], stdin: rules.join('\n'), openTransport }, main);
  const targets: CallTarget[] = [];
  const entries = [titles];
  const call = (target: CallTarget): Call => {
    const last = targets.push(target) % 2 === 0 ? '12' : '11';
    const port = target.localPort.toString(16).toUpperCase().padStart(4, '0');
    entries.push(`TCP C6336407 ${port} C000020A 0050 0A0000${last} 0050 ESTABLISHED     900\n`);
    return last === '12'
      ? { source: { port: target.localPort }, answer: '', failure: 'ETIMEDOUT' }
      : { source: { port: target.localPort, address: '198.51.100.7' }, connected: 1, answer: '' };
  };
  const files = {
    '/proc/net/ip_vs': 'IP Virtual Server\n',
    '/proc/net/ip_vs_conn': entries,
  };
  const args = ['probe', ...line.split(' ')];
  const outcome = await runIn(
    { args, openTransport, openNetlink: noRoute, call, files, ...world },
    runSubcommand,
  );
  return { ...outcome, targets };
}

test('the split, beside what the scheduler would give, and what failed', async () => {
  const { stdout, stderr, status, targets } = await probe('tcp:192.0.2.10:80 --count 4');
  expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
  expect(targets.map(({ address, port, request }) => [address, port, request])).toEqual(
    Array.from({ length: 4 }, () => ['192.0.2.10', 80, undefined]),
  );
  expect(stdout).toBe(
    [
      '4 connections to tcp:192.0.2.10:80: 2 answered, 2 failed',
      'real server   got  expected  connected  answered',
      '10.0.0.17:80    2         2     1.0 ms         -',
      '10.0.0.18:80    2         2          -         -',
      '2 failed at connect: no answer in time (10.0.0.18:80)',
      '',
    ].join('\n'),
  );
});

test('JSON has each call', async () => {
  const { stdout } = await probe('192.0.2.10:80 --count 2 --json --http /x');
  const { service, count, good, calls } = JSON.parse(stdout);
  expect({ service, count, good, calls: calls.length }).toEqual({
    service: 'tcp:192.0.2.10:80',
    count: 2,
    good: 1,
    calls: 2,
  });
});

test('each call has a port of its own, and asks for the page', async () => {
  const { targets } = await probe('192.0.2.10:80 --count 3 --http /x');
  expect(new Set(targets.map(({ localPort }) => localPort)).size).toBe(3);
  expect(targets[0]!.request).toMatch(/^GET \/x HTTP\/1\.0\r\nHost: 192\.0\.2\.10:80\r\n/);
});

test('a client without IPVS knows only what was answered', async () => {
  const { stdout, stderr } = await probe('192.0.2.10:80 --count 1', { files: {} });
  expect({ stdout, stderr }).toEqual({
    stdout: '1 connection to tcp:192.0.2.10:80: 1 answered, 0 failed\n',
    stderr: '',
  });
});

test('from a namespace, this program makes the calls there', async () => {
  const runs: (readonly string[])[] = [];
  const { stdout, status } = await probe('192.0.2.10:80 --count 1 --http / --from netns:client', {
    directories: { '/run/netns': ['client'] },
    runInNamespace(path, args) {
      runs.push([path, ...args]);
      const calls = [{ source: { port: 5000, address: '198.51.100.7' }, connected: 2, answer: '' }];
      return { status: 0, stdout: JSON.stringify({ calls }), stderr: '' };
    },
  });
  expect(runs).toEqual([
    [
      '/run/netns/client',
      'probe',
      'tcp:192.0.2.10:80',
      '--json',
      '--count',
      '1',
      '--timeout',
      '3',
      '--http',
      '/',
    ],
  ]);
  expect(stdout).toContain('1 connection to tcp:192.0.2.10:80: 1 answered, 0 failed');
  expect(status).toBe(0);
});

test.each([
  ['udp:192.0.2.10:53', 'probe connects by TCP'],
  ['fwmark:7', 'probe connects by TCP'],
  ['192.0.2.10', 'probe connects by TCP'],
  ['192.0.2.10:80 --from nowhere', '--from nowhere: must be an address of this machine, or netns:NAME'],
  ['192.0.2.10:80 --from netns:nowhere', "no network namespace 'nowhere'"],
  ['192.0.2.10:80 --http page', '--http page: must be a path that begins with a slash'],
  ['192.0.2.10:80 --count 0', 'count'],
])('%s is refused', async (line, message) => {
  const { stdout, stderr, status } = await probe(line);
  expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
  expect(stderr).toContain(message);
});
