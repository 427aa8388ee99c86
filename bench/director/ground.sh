# Sourced by the script of each run: the job's own network is the director, a bridge with the VIP; the
# client and two real servers are namespaces on it. How a director is configured, started, ended and told
# of another file, the script says itself. $jobs such jobs run side by side, this one is $me, and they meet
# in the folder $meeting.
# shellcheck shell=dash
vip=10.9.0.100 first=10.9.0.21 # 0A090015 in the kernel's table

machine() { # NAME ADDRESS
  ip netns add "$1" && ip -n "$1" link set lo up
  ip link add "to-$1" type veth peer name eth0 netns "$1" && ip link set "to-$1" master lan up
  ip -n "$1" addr add "$2/24" dev eth0 && ip -n "$1" link set eth0 up
  # A second instead of minutes between the last attempts of TCP: a connection that is still alive shows soon.
  ip netns exec "$1" sysctl -qw net.ipv4.tcp_rto_max_ms=1000 2>/dev/null
}

network() {
  mkdir -p /run/netns /var/lib/ipvsadm && mount -t tmpfs tmpfs /var/lib/ipvsadm
  ip link add lan type bridge forward_delay 0 mcast_snooping 0 && ip link set lan up
  ip addr add 10.9.0.2/24 dev lan && ip addr add $vip/32 dev lan
  sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.lan.send_redirects=0
  machine c 10.9.0.9
  machine r1 $first
  machine r2 10.9.0.22
  for r in r1 r2; do
    ip netns exec $r sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    ip -n $r addr add $vip/32 dev lo
  done
}

# In place of the shell, so that its process id in the background is the program's.
within_namespace() { # NAME COMMAND...
  exec ip netns exec "$@"
}

server() { # NAME: starts its process, whose id is then in $NAME
  within_namespace "$1" nice -n -10 "$TRAFFIC" serve "$1" 80 &
  eval "$1=$!"
}

# Both servers get connections, within 15 s.
until_full() {
  tries=0
  until tail -n 1 tables | grep 0A090015=[1-9] | grep -q 0A090016=[1-9]; do
    tries=$((tries + 1))
    [ $tries -lt 150 ] || { echo "problem: the table is $(tail -n 1 tables)"; cat log; return 1; }
    sleep 0.1
  done
}

# Waits until all jobs that run side by side are there, a minute at most: nobody starts or ends programs
# while another one counts.
together() { # NAME
  mkdir -p "$meeting/$1" && : >"$meeting/$1/$me"
  tries=0
  while set -- "$1" "$meeting/$1"/* && [ $# -le "$jobs" ] && [ $tries -lt 150 ]; do
    tries=$((tries + 1))
    sleep 0.4
  done
}

begin() { # SECONDS from when all is well until the event
  network
  server r1
  server r2
  nice -n -10 "$TRAFFIC" watch >tables &
  watcher=$!
  configuration 1
  start
  until_full || return
  within_namespace c nice -n -10 "$TRAFFIC" visit $vip 80 >visits &
  client=$!
  together begin
  sleep "$1"
}

# The time from which losses count, and afterwards that until which they do.
mark() {
  kill -USR1 $client
}

# What one server does from now on: nothing reaches it; it is as before.
silence() { # NAME
  ip netns exec "$1" tc qdisc add dev eth0 ingress
  ip netns exec "$1" tc filter add dev eth0 ingress protocol ip prio 1 flower action drop
}

hearing() { # NAME
  ip netns exec "$1" tc qdisc del dev eth0 ingress
}

# The connections that the kernel has counted for the service: less than before if it was made again.
counted() {
  "$IPVSADM_C" -Ln --stats --exact | awk -v phase="$1" '$1 == "TCP" { print "counted", phase, $3 }'
}

finish() {
  mark
  together end
  kill -TERM $client && wait $client 2>/dev/null
  kill -TERM $watcher && wait $watcher 2>/dev/null
  cat visits tables
}
