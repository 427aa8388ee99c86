/** Checks with a mark, and through the forwarding path: direct routing, NAT, tunnel; IPv6. */
import { join } from 'node:path';
import { play } from '../kernel/setup/ground';

const ground = `
sw lan inside
host director lan 10.1.0.12/24,10.1.0.13/24,2001:db8:1::12/64 inside 10.2.0.12/24
host direct lan 10.1.0.17/24,2001:db8:1::17/64
host tunnel lan 10.1.0.18/24
host masq inside 10.2.0.17/24
ip -n masq route add default via 10.2.0.12
n director sysctl -qw net.ipv4.ip_forward=1
for i in all eth0 eth1; do
  n director sysctl -qw net.ipv4.conf.$i.rp_filter=0 net.ipv4.conf.$i.accept_local=1
done
ip -n director addr add 10.1.0.100/32 dev eth0; ip -n director addr add 2001:db8:1::100/128 dev eth0 nodad preferred_lft 0
n direct $IPVSADM_NODE realserver up 10.1.0.100 2001:db8:1::100 >/dev/null
n tunnel $IPVSADM_NODE realserver up 10.1.0.100 --method tunnel >/dev/null
web direct 80; web tunnel 80; web masq 8080
n director "$IPVSADM_C" -R <<'RULES'
-A -t 10.1.0.100:80 -s rr
-A -f 1001 -s rr
-a -f 1001 -r 10.1.0.17 -g
-A -f 1002 -s rr
-a -f 1002 -r 10.1.0.18 -i
-A -f 1003 -s rr
-a -f 1003 -r 10.2.0.17:8080 -m
-A -f 1004 -6 -s rr
-a -f 1004 -6 -r [2001:db8:1::17]:0 -g
RULES
check() { # LABEL SERVER CHECK [VIP]
  printf '%s ' "$1"; n director node ${join(__dirname, 'lab/check.js')} "\${4:-10.1.0.100:80}" "$2" "$3"
}
all() {
  check direct 10.1.0.17:80 '{"type":"http","via":"path","mark":1001,"body":[{"text":"direct"}]}'
  check direct6 '[2001:db8:1::17]:80' '{"type":"http","via":"path","mark":1004,"body":[{"text":"direct"}]}' '[2001:db8:1::100]:80'
  check tunnel 10.1.0.18:80 '{"type":"http","via":"path","mark":1002,"body":[{"text":"tunnel"}]}'
  check masq 10.2.0.17:8080 '{"type":"http","via":"path","mark":1003,"body":[{"text":"masq"}]}'
}
`;

test('reach the server that a mark leads to, and fail without the VIP there', async () => {
  const lines = await play(`${ground}
all
echo without
ip -n direct addr del 10.1.0.100/32 dev lo; ip -n direct addr del 2001:db8:1::100/128 dev lo
n tunnel $IPVSADM_NODE realserver down >/dev/null
n director "$IPVSADM_C" -e -f 1003 -r 10.2.0.17:8080 -m -w 0
all
echo plain
check direct 10.1.0.17:80 '{"type":"http","body":[{"text":"direct"}]}'
check tunnel 10.1.0.18:80 '{"type":"http","body":[{"text":"tunnel"}]}'
check masq 10.2.0.17:8080 '{"type":"http","body":[{"text":"masq"}]}'
ip -n director addr change 2001:db8:1::100/128 dev eth0 nodad preferred_lft forever
check direct6 '[2001:db8:1::17]:80' '{"type":"http","via":"path","mark":1004}' '[2001:db8:1::100]:80'
`);
  expect(lines).toEqual([
    'direct ok: status 200',
    'direct6 ok: status 200',
    'tunnel ok: status 200',
    'masq ok: status 200',
    'without',
    'direct connect: no connection within 3s',
    'direct6 connect: no connection within 3s',
    'tunnel connect: connection refused', // ICMP: no such protocol there
    expect.stringMatching(/^masq connect: /),
    'plain',
    'direct ok: status 200',
    'tunnel ok: status 200',
    'masq ok: status 200',
    'direct6 resolve (ours): this machine reaches the real server from the VIP, so the check needs a source, ' +
      'or the VIP preferred_lft 0: 2001:db8:1::100',
  ]);
}, 300_000);

test('with a mark: what the relay does', async () => {
  const serve = join(__dirname, 'lab/serve.js');
  const lines = await play(`${ground}
n direct node ${serve} udp 53 pong & udp=$!
n direct node ${serve} tcp 81 "$(printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 60000\\r\\n\\r\\n%060000d' 0)" & tcp=$!
n direct node ${serve} silent 91 & silent=$!
n direct node ${serve} tcp 82 grpc & grpc=$!
n director ip rule add fwmark 78 prohibit
sleep 3
m='"mark":77'
check udp 10.1.0.17:53 "{\\"type\\":\\"udp\\",\\"send\\":\\"ping\\",\\"expect\\":{\\"text\\":\\"pong\\"},$m}"
check udp-refused 10.1.0.17:54 "{\\"type\\":\\"udp\\",\\"send\\":\\"ping\\",\\"expect\\":{\\"text\\":\\"pong\\"},$m}"
check udp-silent 10.1.0.17:91 "{\\"type\\":\\"udp\\",\\"send\\":\\"ping\\",\\"expect\\":{\\"text\\":\\"pong\\"},$m,\\"timeout\\":1000}"
check tcp 10.1.0.17:80 "{\\"type\\":\\"tcp\\",$m}"
check refused 10.1.0.17:88 "{\\"type\\":\\"tcp\\",$m}"
check dropped 10.1.0.99:80 "{\\"type\\":\\"tcp\\",$m,\\"timeout\\":1000}"
check unreachable 10.1.0.99:80 "{\\"type\\":\\"tcp\\",$m,\\"timeout\\":9000}"
check source 10.1.0.17:80 "{\\"type\\":\\"http\\",\\"path\\":\\"/cgi-bin/who\\",\\"source\\":\\"10.1.0.13\\",\\"show\\":true,$m}"
check no-source 10.1.0.17:80 "{\\"type\\":\\"tcp\\",\\"source\\":\\"10.1.0.66\\",$m}"
check large 10.1.0.17:81 "{\\"type\\":\\"http\\",\\"body\\":[{\\"text\\":\\"0000000000\\"}],$m}"
check no-tls 10.1.0.17:81 "{\\"type\\":\\"tls\\",\\"tls\\":{\\"verify\\":false,\\"warnDays\\":1},$m}"
check grpc 10.1.0.17:82 '{"type":"grpc","service":"","mark":77}'
check other-mark 10.1.0.17:80 '{"type":"tcp","mark":78}'
echo helpers left: $(pgrep -f ipvsadm-packets | wc -l)
kill $udp $tcp $silent $grpc
n director node -e 'process.setgid(65534); process.setuid(65534); process.argv.splice(1, 0, ""); require("${join(__dirname, 'lab/check.js')}")' \\
  10.1.0.100:80 10.1.0.17:80 "{\\"type\\":\\"tcp\\",$m}"
`);
  expect(lines).toEqual([
    'udp ok: answered 4 bytes',
    'udp-refused wait: connection refused',
    'udp-silent wait: nothing answered within 1s after connecting',
    'tcp ok: connected',
    'refused connect: connection refused',
    'dropped connect: no connection within 1s',
    'unreachable connect: no route to the host',
    'source ok: status 200 "10.1.0.13"',
    'no-source connect (ours): this machine does not have the source address, or no free port of it',
    'large ok: status 200',
    'no-tls tls: the server does not speak TLS on this port',
    'grpc ok: SERVING',
    'other-mark connect (ours): permission denied by this machine',
    'helpers left: 0',
    'connect (ours): a mark needs the capability CAP_NET_ADMIN',
  ]);
}, 300_000);
