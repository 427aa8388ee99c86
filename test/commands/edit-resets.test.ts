/** `service edit` and `server edit` name what they reset to a default, because it was not given. */
import { runSubcommand } from '../../src/commands';
import { main } from '../../src/program/classic';
import { FakeKernel } from '../helpers/fake-kernel';
import { runIn } from '../helpers/test-system';

const before = [
  '-A -t 192.0.2.10:80 -s sh -p 300 -M 255.255.255.0 --pe sip -b sh-port',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80',
  '-a -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum',
  '-a -t 192.0.2.10:80 -r 10.0.0.19',
  '-A -u [2001:db8::10]:53 -p 360 -M 64 -o',
  '-A -f 7',
].join('\n');

async function edit(line: string) {
  const kernel = new FakeKernel();
  const openTransport = () => kernel.open();
  await runIn({ args: ['-R'], stdin: before, openTransport }, main);
  const { stderr, status } = await runIn({ args: line.split(' '), openTransport }, runSubcommand);
  const [, reset, advice] =
    /^ipvsadm: not given, and therefore reset to the default: (.*); (.*)\n$/.exec(stderr) ?? [];
  const { stdout } = await runIn({ args: ['-Sn'], openTransport }, main);
  return { status, reset, advice, stderr: reset === undefined ? stderr : '', rules: stdout };
}

const servers = 'server set changes only what is given';
const services = 'give what is to stay in every service edit';

test.each([
  ['server edit -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 0', '--u-threshold 100, --l-threshold 80', servers],
  ['server edit -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -x 9', '--weight 3, --l-threshold 80', servers],
  [
    'server edit -t 192.0.2.10:80 -r 10.0.0.18',
    '--ipip, --weight 2, --tun-type gue, --tun-port 6080, --tun-csum',
    servers,
  ],
  [
    'server edit -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2',
    '--tun-type gue, --tun-port 6080, --tun-csum',
    servers,
  ],
  ['server edit -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 6080', '--tun-csum', servers],
  [
    'service edit -t 192.0.2.10:80',
    '--scheduler sh, --persistent 300, --netmask 255.255.255.0, --pe sip, --sched-flags sh-port',
    services,
  ],
  ['service edit -u [2001:db8::10]:53 -s rr', '--persistent 360, --netmask 64, --ops', services],
  ['service edit -u [2001:db8::10]:53 -p 9 -M 64', '--ops', services],
])('%s', async (line, reset, advice) => {
  expect(await edit(line)).toMatchObject({ status: 0, reset, advice });
});

test.each([
  'server edit -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80',
  'server edit -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 9 -x 10 -y 8',
  'server edit -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 1 --tun-remcsum',
  'server edit -t 192.0.2.10:80 -r 10.0.0.19 -w 5',
  'service edit -f 7',
  'service edit -f 7 -s rr -p 9',
])('nothing is reset: %s', async (line) => {
  expect(await edit(line)).toMatchObject({ status: 0, stderr: '' });
});

test.each([
  [
    'server edit -t 192.0.2.10:80 -r 10.0.0.99',
    'No such destination: tcp:192.0.2.10:80 has no real server 10.0.0.99:80; it has 10.0.0.19:80, 10.0.0.18:80, 10.0.0.17:8080',
  ],
  [
    'service edit -t 192.0.2.10:8080',
    'No such service: the table has no service tcp:192.0.2.10:8080; it has tcp:192.0.2.10:80, udp:[2001:db8::10]:53, fwmark:7',
  ],
])('an edit that is refused resets nothing: %s', async (line, message) => {
  const { status, stderr, rules } = await edit(line);
  expect({ status, message: stderr.split('\n')[0] }).toEqual({ status: 255, message });
  expect(stderr).not.toContain('reset');
  expect(rules.split('\n')).toHaveLength(7);
});
