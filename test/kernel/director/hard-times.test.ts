/** What happens to a daemon from outside while it runs: an upgrade of its files, too few descriptors. */
import { playDirector } from './ground';

test('a package that is replaced while the daemon runs takes nothing from it', async () => {
  const lines = await playDirector(`
network
mkdir program
cp -r "\${IPVSADM_NODE%/bin/*}/bin" "\${IPVSADM_NODE%/bin/*}/dist" program
installed=$IPVSADM_NODE
IPVSADM_NODE=$PWD/program/bin/ipvsadm-node
daemon
within 10 "$both" && echo full
for file in program/dist/*.js; do echo 'throw new Error("another version")' >$file; done
rm program/dist/*.cjs
IPVSADM_NODE=$installed
document wrr 3 >new.yaml
asks director reload new.yaml
sed 's/port: 80/port: web/' new.yaml >wrong.yaml
asks director reload wrong.yaml 2>&1 | head -n 1
cat >new.json <<EOF
{ "format": "ipvsadm-state", "version": 2, "services": [] , "more": 1 }
EOF
asks director reload new.json 2>&1 | head -n 1
cat >keepalived.conf <<EOF
virtual_server 192.0.2.10 80 {
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server 10.0.0.17 80 { TCP_CHECK { } }
}
EOF
asks director reload keepalived.conf 2>&1
cat >ldirectord.cf <<EOF
virtual = 192.0.2.10:80
	real = 10.0.0.18:80 masq
	scheduler = rr
	protocol = tcp
	checktype = connect
EOF
asks director reload ldirectord.cf 2>&1
echo file >gone
asks director reload gone 2>&1 | head -n 1
kill $(cat /tmp/r2.pid)
within 20 'asks health | grep -q down' && echo down
asks health check web/10.0.0.18:80 >/dev/null 2>&1; asks metrics | grep -c '^lvs_server_up'
asks director stop
wait $daemon
echo "status $?"
grep -i -e 'internal' -e 'another version' -e 'cannot find' log`);
  expect(lines).toEqual([
    'full',
    'generation 2 is in effect',
    "ipvsadm: wrong.yaml:9:11: 'port' must be a whole number from 0 to 65535",
    "ipvsadm: new.json:1:61: unknown field 'more'",
    'generation 3 is in effect',
    'generation 4 is in effect',
    'ipvsadm: gone: is read as rules: a state document, keepalived.conf or ldirectord.cf is needed',
    'down',
    '1',
    'the daemon stops: table and VIPs stay',
    'status 0',
  ]);
}, 300_000);

test('too few descriptors are no fault of any server', async () => {
  const lines = await playDirector(`
network
{
  document
  cat <<EOF
  - name: hole
    protocol: tcp
    address: 192.0.2.10
    port: 81
    scheduler: rr
    check: { type: tcp, interval: 1s, timeout: 2s, fast: 1s, slow: 1s }
    servers:
EOF
  for host in $(seq 100 180); do
    echo "      - { name: h$host, address: 10.0.0.$host, forwarding: masquerading }"
  done
} >lvs.yaml
{ ulimit -n 64; within_namespace d "$IPVSADM_NODE" director run lvs.yaml >>log 2>&1; } &
daemon=$!
within 60 "$both" && echo full
for second in $(seq 20); do
  sleep 1
  eval "$both" || table
done
kill -0 $daemon && echo alive
grep -c 'web/web0. is down' log
grep -o 'too many open files' log | head -n 1
kill -TERM $daemon
wait $daemon
echo "status $?"
grep -i internal log`);
  expect(lines).toEqual(['full', 'alive', '0', 'too many open files', 'status 0']);
}, 300_000);
