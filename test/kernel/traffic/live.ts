import { join } from 'node:path';

const talk = join(__dirname, 'talk.js');

/** How many connections are open while a table changes. */
export const CONNECTIONS = 20;

/**
 * The first lines of a script: a client and a real server in namespaces of their own, and the job's
 * own namespace as director. `survivors NAME COMMAND` runs a command while connections to
 * 10.0.0.13:80 speak, and prints how many are left; `lost` has why others are not.
 * @param forwarding -g: the client's packets reach the real server by the switch; -m: by routing.
 */
export function traffic(forwarding: '-g' | '-m'): string {
  const server = `-a -t 10.0.0.13:80 -r 10.0.1.17:80 ${forwarding} -w 1`;
  return `
ip link add lan type bridge forward_delay 0 mcast_snooping 0 && ip link set lan up
ip addr add 10.0.0.12/24 dev lan; ip addr add 10.0.1.12/24 dev lan; ip addr add 10.0.0.13/32 dev lan
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.lan.send_redirects=0
machine() {
  ip netns add "$1" && ip -n "$1" link set lo up
  ip link add name "to-$1" type veth peer name eth0 netns "$1" && ip link set "to-$1" master lan up
  ip -n "$1" link set eth0 up && ip -n "$1" addr add "$2/24" dev eth0
}
machine client 10.0.0.11; machine real 10.0.1.17; ip -n real route add default via 10.0.1.12
ip netns exec real sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
${forwarding === '-g' ? 'ip -n real addr add 10.0.0.13/32 dev lo; ip -n real route replace 10.0.0.0/24 dev eth0 src 10.0.1.17; ip -n client route add 10.0.1.0/24 dev eth0' : ''}
ip netns exec real node ${talk} serve 80 >/dev/null &
real=$!
printf '%s\\n' '-A -t 10.0.0.13:80 -s rr' '${server}' >rules
survivors() {
  name=$1; shift
  "$IPVSADM_C" -C; "$IPVSADM_C" -R <rules
  : >talked
  ip netns exec client node ${talk} talk 10.0.0.13 80 ${CONNECTIONS} >>talked 2>&1 &
  talker=$!
  tries=0; until grep -q ready talked || [ $tries = 600 ]; do sleep 0.1; tries=$((tries + 1)); done
  "$@" >said 2>&1 || { echo "$name: status $?"; cat said; }
  sleep 0.5
  kill -USR2 $talker; wait $talker
  grep lost talked >>lost
  echo "$name: $(tail -n 1 talked)"
}
`;
}
