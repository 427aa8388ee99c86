/** Checks through the forwarding path by the daemon: direct routing, a tunnel, NAT, each by a mark of its own. */
import { playDirector } from './ground';

const network = `
mkdir -p /var/lib/ipvsadm && mount -t tmpfs tmpfs /var/lib/ipvsadm
sw lan inside
host d lan 10.1.0.12/24 inside 10.2.0.12/24
host direct lan 10.1.0.17/24
host tunnel lan 10.1.0.18/24
host masq inside 10.2.0.17/24
ip -n masq route add default via 10.2.0.12
n d sysctl -qw net.ipv4.ip_forward=1
for i in all eth0 eth1; do n d sysctl -qw net.ipv4.conf.$i.rp_filter=0; done
ip -n d addr add 10.1.0.100/32 dev eth0
n direct $IPVSADM_NODE realserver up 10.1.0.100 >/dev/null
n tunnel $IPVSADM_NODE realserver up 10.1.0.100 --method tunnel >/dev/null
web direct 80; web tunnel 80; web masq 8080
path=path
document() {
  cat <<LVS
format: ipvsadm-state
version: 2
checks:
  path: { type: http, via: path, interval: 1s, fast: 500ms, slow: 1s, timeout: 2s }
  port: { type: tcp, interval: 1s, timeout: 2s }
services:
  - name: web
    protocol: tcp
    address: 10.1.0.100
    port: 80
    scheduler: rr
    check: $1
    servers:
      - { name: direct, address: 10.1.0.17, forwarding: gatewaying }
      - { name: tunnel, address: 10.1.0.18, forwarding: tunneling }
      - { name: masq, address: 10.2.0.17, port: 8080, forwarding: masquerading }
LVS
}
document path >lvs.yaml
n d "$IPVSADM_C" -R <<'RULES'
-A -f 1229979648 -s wlc
-a -f 1229979648 -r 10.9.9.9:80 -m -w 5
-A -f 7 -s rr
RULES
strangers() { table | tr ';' '\\n' | grep -e '-f 7 ' -e '-f 1229979648 '; }
doctor() { # what is wrong with the daemon's services, or the settings for them
  asks doctor --passive --json | node -p '
    const all = JSON.parse(require("fs").readFileSync(0)).filter(({ id, what }) => /^check-path/.test(id) || /FWM 12299796/.test(what));
    all.map(({ id, remedy }) => id + ": " + remedy).join("\\n") || "nothing"'
}
states() { asks health | awk 'NR > 1 { printf "%s=%s/%s ", $1, $2, $5 } END { print "" }'; }
`;

test('a server that does not serve the VIP goes out, faults of this machine take nobody out', async () => {
  const lines = await playDirector(`${network}
n d "$IPVSADM_NODE" restore --check --no-trial lvs.yaml 2>&1 | grep via:
daemon
within 40 'states | grep -q masq=up' && states
asks director status | grep alarm
doctor
n d sysctl -qw net.ipv4.conf.eth0.accept_local=1
within 40 'states | grep -q "direct=up.*tunnel=up"' && states
asks director status | grep -c alarm
table | tr ';' '\\n' | grep -e -f
asks metrics | grep -c 'ipvs_service_connections_total.*mark'
ip -n direct addr del 10.1.0.100/32 dev lo
within 40 'states | grep -q direct=down' && states
doctor
echo "its port: $(get d 10.1.0.17 80)"
kill -9 $daemon
daemon
sleep 4
echo "after kill -9: $(status changesSent) changes; $(states)"
ip -n direct addr add 10.1.0.100/32 dev lo
within 40 'states | grep -q direct=up' && states
n d "$IPVSADM_C" -D -f 1229979651
within 10 'table | grep -q -e "-a -f 1229979651 -r 10.2.0.17:8080 -m -w 1"' && states
grep -c 'server-down: web/masq' log
document port >port.yaml
asks director reload port.yaml
table | tr ';' '\\n' | grep -e -f
asks director stop`);
  const strangers = ['-A -f 7 -s rr', '-A -f 1229979648 -s wlc', '-a -f 1229979648 -r 10.9.9.9:80 -m -w 5'];
  expect(lines).toEqual([
    expect.stringContaining('path: { type: http, via: path'),
    expect.stringContaining("note: 'via: path' needs accept_local=1 and rp_filter=0"),
    'web/direct=unknown/0 web/tunnel=unknown/0 web/masq=up/1 ',
    expect.stringContaining('sysctl -w net.ipv4.conf.eth0.accept_local=1'),
    'check-path-dropped: sysctl -w net.ipv4.conf.eth0.accept_local=1',
    'web/direct=up/1 web/tunnel=up/1 web/masq=up/1 ',
    '0',
    ...strangers,
    '-A -f 1229979649 -s rr',
    '-a -f 1229979649 -r 10.1.0.17:80 -g -w 1',
    '-A -f 1229979650 -s rr',
    '-a -f 1229979650 -r 10.1.0.18:80 -i -w 1 --tun-type ipip',
    '-A -f 1229979651 -s rr',
    '-a -f 1229979651 -r 10.2.0.17:8080 -m -w 1',
    '2',
    'web/direct=down/0 web/tunnel=up/1 web/masq=up/1 ',
    'nothing',
    'its port: direct',
    'after kill -9: 0 changes; web/direct=down/0 web/tunnel=up/1 web/masq=up/1 ',
    'web/direct=up/1 web/tunnel=up/1 web/masq=up/1 ',
    'web/direct=up/1 web/tunnel=up/1 web/masq=up/1 ',
    '0',
    'generation 2 is in effect',
    ...strangers,
    'the daemon stops: table and VIPs stay',
  ]);
}, 300_000);
