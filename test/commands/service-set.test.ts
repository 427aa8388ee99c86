/** `service set` on the fake kernel: what is sent, and what stays. */
import { ipvsCommands } from '../../src/ipvs/commands';
import { changedRules } from '../helpers/changed-rules';

const before = [
  '-A -t 192.0.2.10:80 -s sh -p 300 -M 255.255.255.0 -b sh-port',
  '-A -u 192.0.2.10:5060 -s rr -p 60 --pe sip -o',
  '-A -f 7 -s mh',
  '-A -t 192.0.2.10:0 -p 60',
].join('\n');

const set = (line: string) =>
  changedRules(before, ['service', 'set', ...line.split(' ')], ipvsCommands.setService);

const WEB = '--tcp 192.0.2.10:80';
const SIP = '--udp 192.0.2.10:5060';

test.each([
  [
    'the persistence timeout alone',
    `${WEB} -p 100`,
    '-A -t 192.0.2.10:80 -s sh -p 100 -M 255.255.255.0 -b sh-port',
  ],
  [
    'the scheduler, whose flags go with it',
    `${WEB} -s wlc`,
    '-A -t 192.0.2.10:80 -s wlc -p 300 -M 255.255.255.0',
  ],
  [
    'scheduler flags in place of those before',
    `${WEB} -b sh-fallback`,
    '-A -t 192.0.2.10:80 -s sh -p 300 -M 255.255.255.0 -b sh-fallback',
  ],
  ['no persistence', `${WEB} --no-persistent`, '-A -t 192.0.2.10:80 -s sh -b sh-port'],
  ['no scheduler flags', `${WEB} --no-sched-flags`, '-A -t 192.0.2.10:80 -s sh -p 300 -M 255.255.255.0'],
  ['no persistence engine', `${SIP} --no-pe`, '-A -u 192.0.2.10:5060 -s rr -p 60 -o'],
  ['no single packets', `${SIP} --no-ops`, '-A -u 192.0.2.10:5060 -s rr -p 60 --pe sip'],
  ['a firewall mark', '--fwmark 7 -b mh-port -p 30', '-A -f 7 -s mh -p 30 -b mh-port'],
])('it sets %s', async (_name, line, rule) => {
  expect(await set(line)).toEqual({ stdout: '', stderr: '', status: 0, sent: 1, changes: [rule] });
});

test('if nothing would change, nothing is sent', async () => {
  expect(await set(`${WEB} -s sh -p 300`)).toEqual({
    stdout: '',
    stderr: '',
    status: 0,
    sent: 0,
    changes: [],
  });
});

test.each([
  [
    'nothing to change',
    WEB,
    2,
    'ipvsadm: nothing to change: give --scheduler, --persistent, --sched-flags, --no-ops, ...\n',
  ],
  [
    'what takes away and sets the same',
    `${WEB} -p 100 --no-persistent`,
    2,
    'ipvsadm: --persistent and --no-persistent cannot be used together\n',
  ],
  [
    'flags of another scheduler',
    `${WEB} -b mh-port`,
    2,
    "ipvsadm: --sched-flags mh-port: scheduler sh has no flag 'mh-port': it has flag-1, flag-2, flag-3, sh-fallback, sh-port\n",
  ],
  [
    'a service without a port that would not persist',
    '--tcp 192.0.2.10:0 --no-persistent',
    2,
    'ipvsadm: --no-persistent: tcp:192.0.2.10:0 has port 0, which only persistent services can have\n',
  ],
  [
    'single packets of TCP',
    `${WEB} --ops`,
    2,
    'ipvsadm: --ops: tcp:192.0.2.10:80 is not UDP: only UDP and firewall marks take single packets\n',
  ],
  [
    'a service that is not there',
    '--tcp 192.0.2.11:80 -s rr',
    255,
    'No such service: the table has no service tcp:192.0.2.11:80; it has tcp:192.0.2.10:80, tcp:192.0.2.10:0, udp:192.0.2.10:5060, fwmark:7\n',
  ],
])('it refuses %s, and changes nothing', async (_name, line, status, stderr) => {
  const outcome = await set(line);
  const [first] = outcome.stderr.split('\n');
  expect({ ...outcome, stderr: `${first}\n` }).toEqual({ stdout: '', stderr, status, sent: 0, changes: [] });
});
