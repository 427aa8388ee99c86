/** realserver and director with traffic: every way of forwarding, up twice, and down. */
import { play } from './ground';

/** A client and a director on one switch, real servers there and behind a router; IPv4 and IPv6. */
const ground = `
sw lan far
host client lan 10.1.0.11/24,2001:db8:1::11/64
host director lan 10.1.0.12/24,2001:db8:1::12/64
host router lan 10.1.0.1/24,2001:db8:1::1/64 far 10.2.0.1/24,2001:db8:2::1/64
host direct lan 10.1.0.17/24,2001:db8:1::17/64
host tunnel far 10.2.0.17/24,2001:db8:2::17/64
host gue far 10.2.0.18/24,2001:db8:2::18/64
host gre far 10.2.0.19/24,2001:db8:2::19/64
host checked far 10.2.0.20/24,2001:db8:2::20/64
n router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
for h in client director direct; do
  ip -n $h route add default via 10.1.0.1; ip -n $h -6 route add default via 2001:db8:1::1
done
for h in tunnel gue gre checked; do
  ip -n $h route add default via 10.2.0.1; ip -n $h -6 route add default via 2001:db8:2::1
done
for h in direct tunnel gue gre checked; do web $h 80; done
`;

/** Makes the machines up, asks, makes them up again, and down. */
const played = (vip: string, address: string, servers: string[], requests: number) => `
for h in director ${servers.join(' ')}; do remember $h; done
for h in ${servers.join(' ')}; do n $h $IPVSADM_NODE realserver up ${vip} $(options $h) >/dev/null || echo "$h: $?"; done
n director $IPVSADM_NODE director up rules >/dev/null || echo "director: $?"
gets client ${address} 80 ${requests}
unchanged_by director $IPVSADM_NODE director up rules
for h in direct tunnel gue; do unchanged_by $h $IPVSADM_NODE realserver up ${vip} $(options $h); done
n director $IPVSADM_NODE director status
for h in ${servers.join(' ')}; do n $h $IPVSADM_NODE realserver status >/tmp/status || cat /tmp/status; done
n director $IPVSADM_NODE director down >/dev/null
for h in ${servers.join(' ')}; do n $h $IPVSADM_NODE realserver down >/dev/null; done
for h in director ${servers.join(' ')}; do as_before $h; done
`;

const nothing = (count: number) => Array.from({ length: count }, () => 'nothing to change');

test('IPv4: direct, IP in IP, GUE, GRE, and GRE with checksums', async () => {
  const servers = ['direct', 'tunnel', 'gue', 'gre', 'checked'];
  const lines = await play(`${ground}
cat >rules <<'RULES'
-A -t 10.1.0.13:80 -s rr
-a -t 10.1.0.13:80 -r 10.1.0.17:80 -g
-a -t 10.1.0.13:80 -r 10.2.0.17:80 -i
-a -t 10.1.0.13:80 -r 10.2.0.18:80 -i --tun-type gue --tun-port 6080
-a -t 10.1.0.13:80 -r 10.2.0.19:80 -i --tun-type gre
-a -t 10.1.0.13:80 -r 10.2.0.20:80 -i --tun-type gre --tun-csum
RULES
options() {
  case $1 in
    checked) echo "--method gre --tun-csum --director 10.1.0.12" ;;
    *) echo "--method $1" ;;
  esac
}
${played('10.1.0.13', '10.1.0.13', servers, 10)}`);
  expect(lines).toEqual([
    'checked=2 direct=2 gre=2 gue=2 tunnel=2',
    ...nothing(4),
    'ok      net.ipv4.vs.expire_nodest_conn = 1',
    'ok      net.ipv4.vs.expire_quiescent_template = 1',
    'ok      address 10.1.0.13/32 on eth0',
    'service tcp:10.1.0.13:80: 5 of 5 real servers get new connections',
    ...['director', ...servers].map((name) => `${name} as before`),
  ]);
}, 300_000);

test('IPv6: direct, IP in IP, GUE and GRE', async () => {
  const servers = ['direct', 'tunnel', 'gue', 'gre'];
  const lines = await play(`${ground}
cat >rules <<'RULES'
-A -t [2001:db8:1::13]:80 -s rr
-a -t [2001:db8:1::13]:80 -r [2001:db8:1::17]:80 -g
-a -t [2001:db8:1::13]:80 -r [2001:db8:2::17]:80 -i
-a -t [2001:db8:1::13]:80 -r [2001:db8:2::18]:80 -i --tun-type gue --tun-port 6080
-a -t [2001:db8:1::13]:80 -r [2001:db8:2::19]:80 -i --tun-type gre
RULES
options() {
  case $1 in
    direct) ;;
    *) echo "--method $1 --local $(ip -n $1 -6 -o addr show dev eth0 scope global | awk '{ sub("/.*", "", $4); print $4 }')" ;;
  esac
}
${played('2001:db8:1::13', '2001:db8:1::13', servers, 8)}`);
  expect(lines).toEqual([
    'direct=2 gre=2 gue=2 tunnel=2',
    ...nothing(4),
    'ok      net.ipv4.vs.expire_nodest_conn = 1',
    'ok      net.ipv4.vs.expire_quiescent_template = 1',
    'ok      address 2001:db8:1::13/128 on eth0',
    'service tcp:[2001:db8:1::13]:80: 4 of 4 real servers get new connections',
    ...['director', ...servers].map((name) => `${name} as before`),
  ]);
}, 300_000);

test('masquerading: director up forwards, realserver up tells of a wrong default route', async () => {
  const lines = await play(`
sw out in
host client out 192.0.2.11/24
host director out 192.0.2.1/24 in 10.0.0.1/24
host real1 in 10.0.0.17/24; host real2 in 10.0.0.18/24
for h in real1 real2; do web $h 8080; done
printf '%s\\n' '-A -t 192.0.2.10:80 -s rr' '-a -t 192.0.2.10:80 -r 10.0.0.17:8080 -m' '-a -t 192.0.2.10:80 -r 10.0.0.18:8080 -m' >rules
remember director; remember real1
up() { n $1 $IPVSADM_NODE realserver up 192.0.2.10 --method masquerading --director 10.0.0.1; echo $?; }
up real1
ip -n real1 route add default via 10.0.0.254; up real1; ip -n real1 route del default
as_before real1
for h in real1 real2; do ip -n $h route add default via 10.0.0.1; done
up real1
n director $IPVSADM_NODE director up rules
gets client 192.0.2.10 80 4
unchanged_by director $IPVSADM_NODE director up rules
n director $IPVSADM_NODE director down
as_before director`);
  const remedy = 'ip route replace default via 10.0.0.1';
  expect(lines).toEqual([
    `ipvsadm: this machine has no default route, so its answers cannot pass the director: ${remedy}`,
    '1',
    `ipvsadm: the default route leads to 10.0.0.254 and not to the director: ${remedy}`,
    '1',
    'real1 as before',
    'nothing to change',
    '0',
    '+ net.ipv4.vs.expire_nodest_conn = 1',
    '+ net.ipv4.vs.expire_quiescent_template = 1',
    '+ net.ipv4.ip_forward = 1',
    '+ table: 3 changes',
    '+ address 192.0.2.10/32 on eth0',
    'real1=2 real2=2',
    'nothing to change',
    '- address 192.0.2.10/32 on eth0',
    '- table: 1 change',
    '- net.ipv4.ip_forward = 1',
    '- net.ipv4.vs.expire_quiescent_template = 1',
    '- net.ipv4.vs.expire_nodest_conn = 1',
    'director as before',
  ]);
}, 300_000);
