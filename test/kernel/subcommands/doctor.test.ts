/**
 * doctor on a real kernel with real traffic: nothing is found in a sound set-up of each mode, and
 * each mistake is found by its id. One guest plays many mistakes at once: each real server has its
 * own.
 */
import { connectLab } from '../../lab/client';
import { functions, type Looked, readReport } from '../traffic/mistakes';

const lab = connectLab();

async function play(script: string): Promise<{ looked: Record<string, Looked>; rest: string }> {
  const { stdout, stderr } = await lab.run({ script: `${functions}\n${script}\nreport\n`, timeoutSeconds: 200 });
  const [rest = ''] = stdout.toString().split(/^=== /m);
  expect(stderr.toString()).toBe('');
  return { looked: readReport(stdout.toString()), rest };
}

/** The ids with certainties by label. */
function foundIn(looked: Record<string, Looked>): Record<string, readonly string[]> {
  return Object.fromEntries(Object.entries(looked).map(([label, { found }]) => [label, found]));
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
ip -n real2 addr del 10.0.0.13/32 dev lo
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
on real1 nc -l -p 87 -e sleep 60 & on client nc 10.0.0.13 87 <>/dev/null & sleep 0.5
director -d -t 10.0.0.13:87 -r 10.0.0.21; director -a -t 10.0.0.13:87 -r 10.0.0.23 -g -w 0
burst client 10.0.0.13:81 14; sleep 2.5
director -a -t 10.0.0.13:86 -r 10.0.0.21 -g
on director sysctl -qw net.ipv4.vs.drop_packet=3 net.ipv4.vs.conn_reuse_mode=0
director -e -t 10.0.0.13:85 -r "$quiesced:85" -g -w 0
burst client 10.0.0.13:81 7; ( for n in 1 2 3 4 5 6 7 8; do ask client 10.0.0.13:80 >/dev/null; sleep 0.4; done ) &
doctor mistakes director; doctor vip-missing real2 --vip 10.0.0.13; doctor arp real2; doctor closed real3 --port 81
doctor own-address real4 --port 81; doctor seven real7 --vip 10.0.0.16 --vip 10.7.0.1 --vip 2001:db8::1; doctor sync director2
doctor bare-host director --passive
ip netns add bare; doctor bare bare
settled; kill $managers`);
  expect(rest).toBe(' 2 real1; 2 real2;');
  expect({ ...looked, ...{} }).toMatchObject({
    sound,
    'sound-real': sound,
    'sound-real-by-vip': sound,
  });
  expect(foundIn(looked)).toEqual({});
}, 260_000);
