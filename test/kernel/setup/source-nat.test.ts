/** Source NAT, on the second kernel: that of the other tests has no nftables for IP. */
import { type Lab, openLab } from '../../lab';
import { play } from './ground';

let lab: Lab;

beforeAll(async () => {
  lab = await openLab({ backend: 'qemu' });
}, 600_000);

afterAll(async () => {
  await lab?.close();
});

test('a real server with another gateway is served; down takes the table away', async () => {
  const lines = await play(
    `
sw lan far
host client lan 10.1.0.11/24
host director lan 10.1.0.12/24
host router lan 10.1.0.1/24 far 10.2.0.1/24
host real far 10.2.0.17/24
n router sysctl -qw net.ipv4.ip_forward=1
for h in client director; do ip -n $h route add default via 10.1.0.1; done
ip -n real route add default via 10.2.0.1
web real 8080
printf '%s\\n' '-A -t 10.1.0.13:80 -s rr' '-a -t 10.1.0.13:80 -r 10.2.0.17:8080 -m' >rules
n director nft add table ip theirs
remember director
n director $IPVSADM_NODE director up rules --snat
get client 10.1.0.13 80 cgi-bin/who
unchanged_by director $IPVSADM_NODE director up rules --snat
n director $IPVSADM_NODE director status | grep nftables
n director $IPVSADM_NODE director down >/dev/null
as_before director`,
    lab,
  );
  const table = 'nftables table ip ipvsadm: source NAT to 1 real server';
  expect(lines).toEqual([
    '+ net.ipv4.vs.expire_nodest_conn = 1',
    '+ net.ipv4.vs.expire_quiescent_template = 1',
    '+ net.ipv4.ip_forward = 1',
    '+ net.ipv4.vs.conntrack = 1',
    `+ ${table}`,
    '+ table: 2 changes',
    '+ address 10.1.0.13/32 on eth0',
    '10.1.0.12',
    'nothing to change',
    `ok      ${table}`,
    'director as before',
  ]);
}, 600_000);
