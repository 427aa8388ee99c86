/**
 * doctor on a real kernel with real traffic: nothing is found in a sound set-up of each mode, and
 * each mistake is found by its id. One guest plays many mistakes at once: each real server has its
 * own.
 */
import { connectLab } from '../../lab/client';
import { functions, type Looked, readReport } from '../traffic/mistakes';

const lab = connectLab();

async function play(script: string): Promise<{ looked: Record<string, Looked>; rest: string }> {
  const { stdout, stderr } = await lab.run({
    script: `${functions}\n${script}\nreport\n`,
    timeoutSeconds: 200,
  });
  const [rest = ''] = stdout.toString().split(/^=== /m);
  expect(stderr.toString()).toBe('');
  return { looked: readReport(stdout.toString()), rest };
}

function pick(looked: Record<string, Looked>, ...labels: string[]): (Looked | undefined)[] {
  return labels.map((label) => looked[label]);
}

/** The findings of a look as 'id certainty address': the real server's, or else the first address. */
function instances(looked: Record<string, Looked>, label: string): string[] {
  return looked[label]!.findings.map(({ id, certainty, what }) => {
    const [place] = /\d+\.\d+\.\d+\.\d+(:\d+)?/.exec(what.replace(/^.* -> /, '')) ?? [];
    return [id, certainty, ...(place ? [place] : [])].join(' ');
  }).sort();
}

const sound = { status: 0, found: [], findings: [] };

test('direct routing', async () => {
  const { looked, rest } = await play(`
switch lan
machine client lan 10.0.0.11/24; machine director lan 10.0.0.12/24
ip -n director addr add 10.0.0.13/32 dev eth0
for n in 1 2 3 4 5 6 7; do
  machine real$n lan 10.0.0.2$n/24; quiet real$n; ip -n real$n addr add 10.0.0.13/32 dev lo; page real$n 80
done
machine director2 lan 10.0.0.30/24
director -A -t 10.0.0.13:80 -s rr
director -a -t 10.0.0.13:80 -r 10.0.0.21 -g; director -a -t 10.0.0.13:80 -r 10.0.0.22 -g
for n in 1 2 3 4; do ask client 10.0.0.13; done | sort | uniq -c | tr -s ' ' | tr '\\n' ';'
doctor sound director; doctor sound-real real1; doctor sound-real-by-vip real2 --vip 10.0.0.13 --port 80
settled

# One mistake for each real server of port 81; what real1 does is right.
page real1 81; page real2 81; page real5 81; page real6 81
ip -n real2 addr del 10.0.0.13/32 dev lo; director -d -t 10.0.0.13:80 -r 10.0.0.22
on real4 httpd -p 10.0.0.24:81 -h www/real4
ip -n real5 route add blackhole 10.0.0.12/32; ip -n real5 route add blackhole 10.0.0.11/32
ip -n real6 addr del 10.0.0.13/32 dev lo; on real6 sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0
director -A -t 10.0.0.13:81 -s rr
for n in 1 2 3 4 5 6 9; do director -a -t 10.0.0.13:81 -r 10.0.0.2$n -g; done
director -A -t 10.0.0.13:82 -s rr
director -A -t 10.0.0.13:83 -s rr; director -a -t 10.0.0.13:83 -r 10.0.0.21 -g -w 0
director -A -t 10.0.0.13:84 -s rr; director -a -t 10.0.0.13:84 -r 10.0.0.21 -g -x 2; page real1 84
director -A -t 10.0.0.13:85 -s rr -p 60; for n in 1 2 3; do director -a -t 10.0.0.13:85 -r 10.0.0.2$n -g; done
page real1 85; page real3 85; director -d -t 10.0.0.13:85 -r 10.0.0.22; director -a -t 10.0.0.13:85 -r 10.0.0.27 -g; page real7 85
director -A -t 10.0.0.13:86 -s none
director -A -t 10.0.0.13:87 -s rr; director -a -t 10.0.0.13:87 -r 10.0.0.21 -g
director -a -t 10.0.0.13:80 -r 10.9.0.5 -g; ip -n director route add 10.9.0.0/24 via 10.0.0.21
director -A -t 10.0.0.14:80 -s rr; director -a -t 10.0.0.14:80 -r 10.0.0.21 -g
# A VIP that a real server answers ARP for, and one whose prefix makes it a source address.
ip -n director addr add 10.0.0.15/32 dev eth0; director -A -t 10.0.0.15:80 -s rr; director -a -t 10.0.0.15:80 -r 10.0.0.21 -g
on real2 sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.all.arp_announce=0; ip -n real2 addr add 10.0.0.15/32 dev lo
ip -n director addr add 10.2.0.99/24 dev eth0; director -A -t 10.2.0.99:80 -s rr; director -a -t 10.2.0.99:80 -r 10.2.0.5 -g
# Other real servers' mistakes.
ip -n real7 addr add 10.0.0.16/32 dev eth0; ip -n real7 addr add 10.7.0.1/24 dev lo
ip -n director addr add 2001:db8::1/64 dev eth0 nodad; ip -n real7 addr add 2001:db8::1/64 dev eth0
# Sync daemons: the master here has syncid 7.
director --start-daemon master --mcast-interface eth0 --syncid 7
on director2 "$IPVSADM_C" --start-daemon backup --mcast-interface eth0 --syncid 8
on director2 "$IPVSADM_C" --start-daemon master --mcast-interface lo --syncid 8
for name in keepalived ldirectord; do
  printf '#!/bin/sh\\nwhile :; do sleep 1; done\\n' >$name; chmod +x $name; on director ./$name & managers="$managers $!"
done

for n in 1 2 3; do ask client 10.0.0.13:84 >/dev/null; done
n=0; while [ $n -lt 22 ]; do ask client 10.0.0.13:85 >/dev/null; n=$((n + 1)); done
quiesced=$(director -lnc | sed -n 's/.* 10.0.0.11:0 *10.0.0.13:85 *\\(.*\\):85$/\\1/p')
sleep 100 | on real1 nc -l -p 87 & sleep 0.5; sleep 100 | on client nc 10.0.0.13 87 & sleep 0.5
director -d -t 10.0.0.13:87 -r 10.0.0.21; director -a -t 10.0.0.13:87 -r 10.0.0.23 -g -w 0
burst client 10.0.0.13:81 14; sleep 2.5
director -a -t 10.0.0.13:86 -r 10.0.0.21 -g
on director sysctl -qw net.ipv4.vs.drop_packet=3 net.ipv4.vs.conn_reuse_mode=0
director -e -t 10.0.0.13:85 -r "$quiesced:85" -g -w 0
burst client 10.0.0.13:81 7; 
# One connection after the other for the sync daemons, and packets that real2 gets for another address.
while :; do ask client 10.0.0.13:80 >/dev/null; sleep 0.3; done & traffic=$!
ip -n client route add 10.0.0.99/32 via 10.0.0.22; on client ping 10.0.0.99 >/dev/null & foreign=$!
doctor mistakes director; doctor vip-missing real2 --vip 10.0.0.13; doctor arp real2; doctor closed real3 --port 81
doctor own-address real4 --port 81; doctor seven real7 --vip 10.0.0.16 --vip 10.7.0.1 --vip 2001:db8::1; doctor sync director2
doctor passive director --passive
ip netns add bare; doctor bare bare
settled; kill $traffic $foreign $managers`);
  expect(rest).toBe(' 2 real1; 2 real2;\n');
  expect(pick(looked, 'sound', 'sound-real', 'sound-real-by-vip')).toEqual([sound, sound, sound]);
  expect(instances(looked, 'mistakes')).toEqual([
    'all-weights-0 certain 10.0.0.13:83',
    'all-weights-0 certain 10.0.0.13:87',
    'defence-always-on certain',
    'no-scheduler certain 10.0.0.13:86',
    'no-server certain 10.0.0.13:82',
    'not-on-link certain 10.9.0.5:80',
    'orphan-connections certain 10.0.0.13:87',
    'persistence-one-client possible 10.0.0.13:85',
    'port-closed certain 10.0.0.23:81',
    expect.stringMatching(/^quiesced-persistent certain 10\.0\.0\.2[137]:85$/),
    'reuse-sticks possible',
    'server-dead certain 10.0.0.29:81',
    'server-dead certain 10.2.0.5:80',
    'server-loop certain 10.0.0.26:81',
    'server-silent possible 10.0.0.25:81',
    'several-managers possible',
    'threshold-reached certain 10.0.0.21:84',
    'vip-elsewhere certain 10.0.0.15',
    'vip-missing possible 10.0.0.14',
    'vip-missing-on-server possible 10.0.0.22:81',
    'vip-refused-on-server possible 10.0.0.24:81',
    'vip-source certain 10.2.0.5',
  ]);
  expect(
    Object.fromEntries(
      Object.entries(looked).map(([label, { status, found }]) => [label, [status, ...found]]),
    ),
  ).toMatchObject({
    'vip-missing': [1, 'rs-foreign-packets possible', 'rs-vip-missing certain'],
    arp: [1, 'rs-arp-announce certain', 'rs-arp-ignore certain', 'rs-foreign-packets possible'],
    closed: [1, 'rs-port-closed certain'],
    'own-address': [1, 'rs-listens-on-own-address certain'],
    seven: [1, 'rs-vip-duplicate certain', 'rs-vip-on-interface certain', 'rs-vip-prefix certain'],
    sync: [1, 'sync-interface certain', 'sync-other-id certain'],
    bare: [1, 'lo-down certain'],
  });
  // Without sending anything, what needs no answer is found.
  expect(looked.passive!.found).toEqual(
    expect.arrayContaining(['no-server certain', 'not-on-link certain', 'vip-source certain']),
  );
}, 260_000);

test('masquerading', async () => {
  const { looked, rest } = await play(`
switch out; switch in
machine client out 192.0.2.11/24; machine director out 192.0.2.1/24 in 10.0.0.1/24; machine inside in 10.0.0.50/24
ip -n client route add default via 192.0.2.1; ip -n inside route add default via 10.0.0.1
ip -n director addr add 192.0.2.10/32 dev eth0; on director sysctl -qw net.ipv4.ip_forward=1
for n in 1 2 3 4; do machine real$n in 10.0.0.2$n/24; ip -n real$n route add default via 10.0.0.1; page real$n 8080; done
director -A -t 192.0.2.10:80 -s rr
director -a -t 192.0.2.10:80 -r 10.0.0.21:8080 -m; director -a -t 192.0.2.10:80 -r 10.0.0.22:8080 -m
for n in 1 2 3 4; do ask client 192.0.2.10; done | sort | uniq -c | tr -s ' ' | tr '\\n' ';'
doctor sound director; doctor sound-real real1 --realserver --port 8080
settled
ip -n real2 route del default
director -A -t 192.0.2.10:81 -s rr; director -a -t 192.0.2.10:81 -r 10.0.0.22:8080 -m; director -a -t 192.0.2.10:81 -r 10.0.0.23:8081 -m
director -A -t 192.0.2.10:82 -s rr; director -a -t 192.0.2.10:82 -r 10.0.0.24:8080 -m
director -A -t 192.0.2.20:80 -s rr; director -a -t 192.0.2.20:80 -r 10.0.0.21:8080 -m
burst client 192.0.2.10:81 4; burst inside 192.0.2.10:82 2; sleep 2.5
doctor mistakes director; doctor no-way real2 --realserver
settled
on director sysctl -qw net.ipv4.ip_forward=0 net.ipv4.vs.run_estimation=0
settings() { on director sh -c 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/vs/run_estimation; ip -o -4 addr show eth0' | sed 's/.*inet \\([^ ]*\\).*/\\1/'; }
doctor fixed director --fix; settled; echo; settings
on director "$IPVSADM_NODE" doctor --undo; settings; on director "$IPVSADM_NODE" doctor --undo
on director "$IPVSADM_NODE" doctor --passive | tail -n 7`);
  const before = ['0', '0', '192.0.2.1/24', '192.0.2.10/32'];
  expect(rest.split('\n')).toEqual([
    ' 2 real1; 2 real2;',
    ...['1', '1', '192.0.2.1/24', '192.0.2.10/32', '192.0.2.20/32'],
    ...['- net.ipv4.vs.run_estimation = 1', '- net.ipv4.ip_forward = 1', '- address 192.0.2.20/32 on eth0'],
    ...before,
    'nothing to change',
    '',
    'certain: net.ipv4.vs.run_estimation is 0: counters and rates stand still [estimation-off]',
    '  seen by: cat /proc/sys/net/ipv4/vs/run_estimation',
    '  effect:  none; but monitoring sees no traffic, and doctor finds less',
    '  remedy:  sysctl -w net.ipv4.vs.run_estimation=1',
    '',
    '3 findings: 3 certain, 0 possible',
    '',
    '',
  ]);
  expect(pick(looked, 'sound', 'sound-real')).toEqual([sound, sound]);
  expect(instances(looked, 'mistakes')).toEqual([
    'nat-client-inside certain 10.0.0.24:8080',
    'nat-way-back possible 10.0.0.22:8080',
    'port-closed certain 10.0.0.23:8081',
    'vip-missing certain 192.0.2.20',
  ]);
  expect(looked['no-way']!.found).toEqual(['rs-no-way-out certain']);
  expect(looked.fixed!.findings.filter(({ fix }) => fix).map(({ id, fixed }) => [id, fixed])).toEqual([
    ['vip-missing', true],
    ['forwarding-off', true],
    ['estimation-off', true],
  ]);
}, 260_000);

test('tunnels', async () => {
  const { looked, rest } = await play(`
switch lan; switch far
machine client lan 10.1.0.11/24; machine director lan 10.1.0.12/24; machine router lan 10.1.0.1/24 far 10.2.0.1/24
ip -n director addr add 10.1.0.13/32 dev eth0
on router sysctl -qw net.ipv4.ip_forward=1; for n in client director; do ip -n $n route add default via 10.1.0.1; done
last=17
for kind in ipip gue gre; do
  machine $kind far 10.2.0.$last/24; ip -n $kind route add default via 10.2.0.1; quiet $kind; page $kind 80
  [ $kind = gue ] && on gue ip fou add port 6080 gue
  case $kind in gue) type=ipip;; *) type=$kind;; esac
  ip -n $kind link add t1 type $type local 10.2.0.$last remote any; ip -n $kind link set t1 up; ip -n $kind addr add 10.1.0.13/32 dev lo
  last=$((last + 1))
done
director -A -t 10.1.0.13:80 -s rr
director -a -t 10.1.0.13:80 -r 10.2.0.17 -i; director -a -t 10.1.0.13:80 -r 10.2.0.18 -i --tun-type gue --tun-port 6080
director -a -t 10.1.0.13:80 -r 10.2.0.19 -i --tun-type gre
for n in 1 2 3 4 5 6; do ask client 10.1.0.13; done | sort | uniq -c | tr -s ' ' | tr '\\n' ';'
doctor sound director; for kind in ipip gue gre; do doctor sound-$kind $kind; done
settled
on ipip sysctl -qw net.ipv4.conf.t1.rp_filter=1; ip -n gre link set t1 down; ip -n gue link del t1
director -A -t 10.1.0.13:81 -s rr
director -a -t 10.1.0.13:81 -r 10.2.0.17 -i; director -a -t 10.1.0.13:81 -r 10.2.0.18 -i
director -a -t 10.1.0.13:81 -r 10.2.0.19 -i --tun-type gre; for kind in ipip gue gre; do page $kind 81; done
# ICMP messages are limited to one a second.
burst client 10.1.0.13:81 3; sleep 2.5
while :; do burst client 10.1.0.13:81 3; sleep 2; done & traffic=$!
doctor mistakes director; doctor rp-filter ipip; doctor missing gue; doctor down gre
settled; kill $traffic; director -D -t 10.1.0.13:81
# Full datagrams do not fit; the client forgets again and again what it was told.
director -A -u 10.1.0.13:53 -s rr; director -a -u 10.1.0.13:53 -r 10.2.0.17 -i
on client node -e 'const s = require("dgram").createSocket("udp4"); setInterval(() => s.send(Buffer.alloc(1472), 53, "10.1.0.13"), 200)' &
full=$!
while :; do ip -n client route flush cache; sleep 0.2; done & forget=$!
doctor mtu director; settled; kill $full $forget`);
  expect(rest).toBe(' 2 gre; 2 gue; 2 ipip;\n');
  expect(pick(looked, 'sound', 'sound-ipip', 'sound-gue', 'sound-gre')).toEqual([sound, sound, sound, sound]);
  expect(looked.mtu!.found).toEqual(['tunnel-mtu possible']);
  expect(instances(looked, 'mistakes')).toEqual([
    'tunnel-refused certain 10.2.0.18:81',
    'tunnel-refused certain 10.2.0.19:81',
    'vip-missing-on-server possible 10.2.0.17:81',
  ]);
  expect(pick(looked, 'rp-filter', 'missing', 'down').map((each) => each!.found)).toEqual([
    ['rs-tunnel-rp-filter certain'],
    ['rs-tunnel-missing possible'],
    expect.arrayContaining(['rs-tunnel-down certain']),
  ]);
}, 260_000);

test('further sound set-ups: by our own commands, of IPv6, a pair with sync daemons', async () => {
  const { looked, rest } = await play(`
switch lan
machine client lan 10.0.0.11/24; machine director lan 10.0.0.12/24; machine standby lan 10.0.0.14/24
machine real1 lan 10.0.0.21/24; machine real2 lan 10.0.0.22/24
n=11; for name in client director real1 real2 standby; do [ $n = 13 ] && n=14; ip -n $name addr add 2001:db8::$n/64 dev eth0 nodad; n=$((n + 1)); done
for name in real1 real2; do
  on $name "$IPVSADM_NODE" realserver up 10.0.0.13 2001:db8::13 >/dev/null || echo "realserver up: $?"; page $name 80
done
printf '%s\\n' '-A -t 10.0.0.13:80 -s rr' '-a -t 10.0.0.13:80 -r 10.0.0.21:80 -g' '-a -t 10.0.0.13:80 -r 10.0.0.22:80 -g' \\
  '-A -t [2001:db8::13]:80 -s rr -p 60' '-a -t [2001:db8::13]:80 -r [2001:db8::14]:80 -g' '-a -t [2001:db8::13]:80 -r [2001:db8::15]:80 -g' \\
  '-A -f 7 -s rr' '-a -f 7 -r 10.0.0.21:0 -g' >table.rules
on director "$IPVSADM_NODE" director up table.rules >said 2>&1 || { echo "director up: $?"; cat said; }
on standby "$IPVSADM_C" -R <table.rules
director --start-daemon master --mcast-interface eth0 --syncid 7
on standby "$IPVSADM_C" --start-daemon backup --mcast-interface eth0 --syncid 7
ip -n standby addr add 10.0.0.13/32 dev lo; ip -n standby addr add 2001:db8::13/128 dev lo; quiet standby
for address in 10.0.0.13 '[2001:db8::13]'; do for n in 1 2 3 4; do ask client $address; done | sort | uniq -c | tr -s ' ' | tr '\\n' ';'; done
while :; do ask client 10.0.0.13 >/dev/null; sleep 0.3; done & traffic=$!
doctor director director; doctor standby standby; doctor real1 real1 --port 80; doctor real2 real2 --vip 10.0.0.13 --vip 2001:db8::13
settled; kill $traffic`);
  expect(rest).toMatch(/^ 2 real1; 2 real2; 4 real[12];\n$/);
  expect(looked).toEqual({ director: sound, standby: sound, real1: sound, real2: sound });
}, 260_000);
