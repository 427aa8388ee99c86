import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const table = [
  '-A -t 192.0.2.10:80 -s sh',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:80 -g -w 1',
  '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 1',
  '-A -t 192.0.2.10:81 -s wlc',
  '-A -f 7 -s dh',
  '-a -f 7 -r 10.0.0.17:80 -g -w 1',
  '-A -t 192.0.2.10:82 -s mh',
  '-a -t 192.0.2.10:82 -r 10.0.0.17:80 -g -w 0',
  '-A -t [2001:db8::10]:80 -s mh -b mh-port',
  '-a -t [2001:db8::10]:80 -r [2001:db8::17]:80 -g -w 1',
].join('\n');

async function whatIf(line: string) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: table, openTransport }, main);
  return await runIn({ args: ['what-if', ...line.split(' ')], openTransport }, runSubcommand);
}

test('the server of a client', async () => {
  const { stdout, stderr, status } = await whatIf('tcp:192.0.2.10:80 --client 198.51.100.7');
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(stdout).toMatch(/^tcp:192\.0\.2\.10:80 \(sh\), client 198\.51\.100\.7: 10\.0\.0\.1[78]:80\n$/);
});

test('what a change would do, as JSON', async () => {
  const { stdout } = await whatIf(
    'tcp:192.0.2.10:80 --client 198.51.100.7:1234 --without 10.0.0.17:80 --weight 10.0.0.18:80=2 --json',
  );
  expect(JSON.parse(stdout)).toEqual({
    service: 'tcp:192.0.2.10:80',
    scheduler: 'sh',
    client: '198.51.100.7:1234',
    server: expect.stringMatching(/^10\.0\.0\.1[78]:80$/),
    changed: '10.0.0.18:80',
    movedShare: expect.closeTo(0.5, 3),
  });
});

test('a client of IPv6 with a port', async () => {
  const { stdout, status } = await whatIf('tcp:[2001:db8::10]:80 --client [2001:db8::7]:40000');
  expect({ stdout, status }).toEqual({
    stdout: 'tcp:[2001:db8::10]:80 (mh), client [2001:db8::7]:40000: [2001:db8::17]:80\n',
    status: 0,
  });
});

test('a server of weight 0 makes the answer of mh uncertain, and says so', async () => {
  const { stdout, stderr } = await whatIf('tcp:192.0.2.10:82 --client 198.51.100.7');
  expect(stdout).toContain('no real server: the connection is refused');
  expect(stderr).toContain('possible, not certain');
});

test.each([
  ['x --client 198.51.100.7', 'x: a service is tcp:192.0.2.10:80', 2],
  ['tcp:192.0.2.10:80 --client 300.1.1.1', '--client 300.1.1.1: must be an address of the service', 2],
  ['tcp:192.0.2.10:80 --client 2001:db8::7', 'must be an address of the service', 2],
  ['tcp:192.0.2.10:80 --client 198.51.100.7:70000', '--client 198.51.100.7:70000: must be', 2],
  ['tcp:192.0.2.10:81 --client 198.51.100.7', 'the scheduler is wlc', 2],
  ['tcp:192.0.2.10:99 --client 198.51.100.7', 'there is no service tcp:192.0.2.10:99; there are: ', 255],
  ['fwmark:7 --client 198.51.100.7', 'name it with --destination', 2],
  ['tcp:192.0.2.10:80 --client 198.51.100.7 --without 10.0.0.1:80', 'it has 10.0.0.1', 2],
  ['tcp:192.0.2.10:80 --client 198.51.100.7 --weight 10.0.0.17:80', 'must be SERVER=N', 2],
])('%s', async (line, message, status) => {
  const outcome = await whatIf(line);
  expect(outcome).toMatchObject({ stdout: '', status });
  expect(outcome.stderr).toContain(message);
});
