/**
 * --explain on refusals by a real kernel: the confirmed cause is the one that the test arranged.
 */
import { connectLab } from '../lab/client';

const lab = connectLab();

test.each([
  [
    'the loopback is down',
    'unshare -n sh -c "$IPVSADM_OURS -A -t 192.0.2.1:80; $IPVSADM_OURS --explain -a -t 192.0.2.1:80 -r 10.0.0.1"',
    /confirmed: the loopback interface/,
  ],
  [
    'no unicast address',
    '$IPVSADM_OURS -A -t 192.0.2.1:80; $IPVSADM_OURS --explain -a -t 192.0.2.1:80 -r 224.0.0.1',
    /confirmed: 224\.0\.0\.1 is not a unicast/,
  ],
  [
    'thresholds out of order',
    '$IPVSADM_OURS -A -t 192.0.2.1:80; $IPVSADM_OURS --explain -a -t 192.0.2.1:80 -r 10.0.0.1 -x 5 -y 9',
    /confirmed: the thresholds are out of order/,
  ],
  [
    'an unknown scheduler',
    '$IPVSADM_OURS --explain -A -f 1 -s wwr',
    /confirmed: there is no scheduler 'wwr'/,
  ],
  [
    'an unknown interface',
    '$IPVSADM_OURS --explain --start-daemon master --mcast-interface eth9',
    /confirmed: there is no interface 'eth9'/,
  ],
  ['no service', '$IPVSADM_OURS --explain -D -f 1', /confirmed: no virtual service/],
  ['a user namespace', 'unshare -Urn $IPVSADM_OURS --explain -Ln', /confirmed: this is a user namespace/],
  [
    'no capability',
    '/usr/bin/setpriv --bounding-set -net_admin --inh-caps -net_admin $IPVSADM_OURS --explain -Ln',
    /confirmed: this process has no CAP_NET_ADMIN/,
  ],
  [
    'restore FILE, without being asked',
    "echo '-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1' >rules; unshare -n $IPVSADM_NODE restore rules",
    /confirmed: the loopback interface/,
  ],
  [
    'apply, without being asked',
    "echo '-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 10.0.0.1' >rules; unshare -n $IPVSADM_NODE apply rules",
    /confirmed: the loopback interface[\s\S]*the table is as it was before\n$/,
  ],
  [
    'snapshot, without being asked',
    'unshare -Urn $IPVSADM_NODE snapshot',
    /confirmed: this is a user namespace/,
  ],
])(
  '%s',
  async (_name, script, cause) => {
    const { stdout, stderr, status } = await lab.run({ script });
    expect({ stdout: stdout.toString(), failed: status !== 0 }).toEqual({ stdout: '', failed: true });
    expect(stderr.toString()).toMatch(cause);
  },
  60_000,
);

test('without --explain only the message is printed', async () => {
  const { stderr } = await lab.run({ script: '$IPVSADM_OURS -D -f 1' });
  expect(stderr.toString()).toBe('No such service\n');
});
