/** `server set` on the fake kernel: what is sent, and what stays. */
import { ipvsCommands } from '../../src/ipvs/commands';
import { changedRules } from '../helpers/changed-rules';

const before = [
  '-A -t 192.0.2.10:80 -s wrr',
  '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 100 -y 80',
  '-a -t 192.0.2.10:80 -r 10.0.0.18 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum',
  '-A -t [2001:db8::10]:80 -s rr',
  '-a -t [2001:db8::10]:80 -r [2001:db8::17]:80 -g -w 4',
  '-A -f 7',
  '-a -f 7 -r 10.0.0.19:8080 -g -w 5',
  '-A -u 192.0.2.10:53',
].join('\n');

const set = (line: string) =>
  changedRules(before, ['server', 'set', ...line.split(' ')], ipvsCommands.setDest);

const NAT = '--tcp 192.0.2.10:80 --real-server 10.0.0.17:8080';
const TUNNEL = '--tcp 192.0.2.10:80 --real-server 10.0.0.18';

test.each([
  ['only the weight', `${NAT} --weight 0`, '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 0 -x 100 -y 80'],
  [
    'only a threshold',
    `${NAT} --u-threshold 200`,
    '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3 -x 200 -y 80',
  ],
  [
    'both thresholds to none',
    `${NAT} --u-threshold 0 --l-threshold 0`,
    '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 3',
  ],
  [
    'the weight of a tunneling server, which keeps its tunnel',
    `${TUNNEL} -w 9`,
    '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 9 --tun-type gue --tun-port 6080 --tun-csum',
  ],
  [
    'the checksum of an existing tunnel',
    `${TUNNEL} --tun-nocsum`,
    '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-nocsum',
  ],
  [
    'another tunnel type, which keeps what it uses',
    `${TUNNEL} --tun-type gre`,
    '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -i -w 2 --tun-type gre --tun-csum',
  ],
  ['another forwarding method', `${TUNNEL} --masquerading`, '-a -t 192.0.2.10:80 -r 10.0.0.18:80 -m -w 2'],
  [
    'IPv6',
    '--tcp [2001:db8::10]:80 --real-server [2001:db8::17]:80 --weight 1',
    '-a -t [2001:db8::10]:80 -r [2001:db8::17]:80 -g -w 1',
  ],
  [
    'a server of a firewall mark, which keeps its port',
    '--fwmark 7 --real-server 10.0.0.19:8080 --ipip',
    '-a -f 7 -r 10.0.0.19:8080 -i -w 5 --tun-type ipip',
  ],
])('it sets %s', async (_name, line, rule) => {
  expect(await set(line)).toEqual({ stdout: '', stderr: '', status: 0, sent: 1, changes: [rule] });
});

test('it sets several servers, and sends nothing for one that is so already', async () => {
  const both = '--tcp 192.0.2.10:80 -r 10.0.0.17:8080 -r 10.0.0.18';
  expect(await set(`${both} --weight 2`)).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
    sent: 1,
    changes: ['-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m -w 2 -x 100 -y 80'],
  });
  expect((await set(`${both} --weight 7`)).changes).toHaveLength(2);
});

test.each([`${NAT} --weight 3`, `${NAT} -m -x 100`, `${TUNNEL} --tun-type gue`])(
  'if nothing would change, nothing is sent: %s',
  async (line) => {
    expect(await set(line)).toEqual({ stdout: '', stderr: '', status: 0, sent: 0, changes: [] });
  },
);

test.each([
  [
    'nothing to change',
    NAT,
    2,
    'ipvsadm: nothing to change: give --weight, --u-threshold, --l-threshold, a forwarding method, ...\n',
  ],
  [
    'a method that cannot change the port',
    `${NAT} --gatewaying`,
    2,
    'ipvsadm: --gatewaying: only masquerading can change the port, and 10.0.0.17:8080 has another port than its service: leave --gatewaying out, or replace 10.0.0.17:8080 by 10.0.0.17:80\n',
  ],
  [
    'tunnel options without a tunnel',
    `${NAT} --tun-port 1`,
    2,
    'ipvsadm: --tun-port 1: is for tunneling only: give --ipip, or leave --tun-port out\n',
  ],
  [
    'tunnel options of another tunnel type',
    `${TUNNEL} --tun-type gre --tun-port 5`,
    2,
    'ipvsadm: --tun-port 5: a tunnel of type gre does not take it: give --tun-type gue, or leave --tun-port out\n',
  ],
  [
    'two checksums',
    `${TUNNEL} --tun-csum --tun-nocsum`,
    2,
    'ipvsadm: --tun-nocsum and --tun-csum cannot be used together\n',
  ],
  [
    'a server that does not exist',
    '--tcp 192.0.2.10:80 --real-server 10.0.0.17 --weight 0',
    255,
    'No such destination: tcp:192.0.2.10:80 has no real server 10.0.0.17:80; it has 10.0.0.18:80, 10.0.0.17:8080\n',
  ],
  [
    'several servers of which one does not exist',
    `${NAT} --real-server 10.0.0.99 --weight 0`,
    255,
    'No such destination: tcp:192.0.2.10:80 has no real server 10.0.0.99:80; it has 10.0.0.18:80, 10.0.0.17:8080\n',
  ],
  [
    'a service without servers',
    '--udp 192.0.2.10:53 --real-server 10.0.0.17 --weight 0',
    255,
    'No such destination: udp:192.0.2.10:53 has no real server 10.0.0.17:53; it has no real servers\n',
  ],
])('it refuses %s', async (_name, line, status, stderr) => {
  expect(await set(line)).toEqual({ stdout: '', stderr, status, sent: 0, changes: [] });
});

test.each([
  [
    'no service',
    '--tcp 192.0.2.99:80 --real-server 10.0.0.17 -w 0',
    0,
    /^Service not defined: the table has no service tcp:192\.0\.2\.99:80; it has tcp:192\.0\.2\.10:80, .*\n.*ESRCH/,
  ],
  [
    'thresholds out of order',
    `${NAT} --l-threshold 101`,
    1,
    /^Numerical result out of range: the lower threshold of 10\.0\.0\.17:8080, 101, is above the upper one, 100: give .*\n[\s\S]*confirmed: the thresholds are out of order/,
  ],
])('a refusal by the kernel is explained: %s', async (_name, line, sent, explanation) => {
  const outcome = await set(line);
  expect(outcome.stderr).toMatch(explanation);
  expect({ ...outcome, stderr: '' }).toEqual({ stdout: '', stderr: '', status: 255, sent, changes: [] });
});
