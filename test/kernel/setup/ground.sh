# Sourced by the scripts of the tests: machines as network namespaces on switches, and what they look like.
# shellcheck shell=dash
cd /tmp || exit
mkdir -p /run/netns /tmp/www

sw() { # NAME...
  for s; do ip link add "$s" type bridge forward_delay 0 mcast_snooping 0 && ip link set "$s" up; done
}

n() { # NAME COMMAND...
  ip netns exec "$@"
}

machines=0
host() { # NAME [SWITCH ADDRESS[,ADDRESS]...]...: eth0, eth1 ... with MACs that tell them apart
  h=$1 i=0 machines=$((machines + 1))
  shift
  ip netns add "$h" && ip -n "$h" link set lo up
  n "$h" sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0
  while [ $# -ge 2 ]; do
    ip link add "$h$i" type veth peer name "eth$i" netns "$h"
    ip -n "$h" link set "eth$i" address "$(printf '02:00:00:00:%02x:%02x' "$i" "$machines")"
    ip link set "$h$i" master "$1" up && ip -n "$h" link set "eth$i" up
    for a in $(echo "$2" | tr , ' '); do ip -n "$h" addr add "$a" dev "eth$i"; done
    i=$((i + 1))
    shift 2
  done
}

mac() { # NAME: of its eth0
  n "$1" cat /sys/class/net/eth0/address
}

web() { # NAME PORT: a page that says NAME, and one that says who asks
  mkdir -p "/tmp/www/$1/cgi-bin" && echo "$1" >"/tmp/www/$1/index.html"
  printf '#!/lab/busybox sh\necho; echo "$REMOTE_ADDR" | sed "s/[][]//g; s/::ffff://"\n' >"/tmp/www/$1/cgi-bin/who"
  chmod +x "/tmp/www/$1/cgi-bin/who"
  n "$1" /lab/busybox httpd -p "$2" -h "/tmp/www/$1"
}

get() { # NAME ADDRESS PORT [PATH]: what a client gets, or 'nothing'
  page=$(printf 'GET /%s HTTP/1.0\r\n\r\n' "${4-}" | n "$1" /lab/busybox nc -w 3 "$2" "$3" 2>/dev/null)
  echo "${page:-nothing}" | tail -n 1
}

gets() { # NAME ADDRESS PORT COUNT: which server answered how often
  i=0
  while [ $i -lt "$4" ]; do
    get "$1" "$2" "$3"
    i=$((i + 1))
  done | sort | uniq -c | awk '{ printf "%s%s=%s", (NR > 1 ? " " : ""), $2, $1 } END { print "" }'
}

look() { # NAME: all that up and down might change, as text
  looked "$1" | sed 's/^[0-9]*: lvs-/lvs-/' # a device that is made again has another number
}

# What iproute2 lists it lists again when something was changed meanwhile: it says so itself.
listed() { # COMMAND...
  while list=$("$@" 2>&1) && [ -z "${list##*'Dump was interrupted'*}" ] && [ -n "$list" ]; do :; done
  printf '%s\n' "$list"
}

looked() {
  listed ip -n "$1" -d link
  listed ip -n "$1" addr
  listed ip -n "$1" route show table all
  listed ip -n "$1" -6 route show table all
  n "$1" ip fou show 2>/dev/null
  n "$1" ip -6 fou show 2>/dev/null
  n "$1" grep -r . /proc/sys/net 2>/dev/null | grep -v nf_conntrack_count | sort
  n "$1" "$IPVSADM_C" -Sn
  n "$1" "$IPVSADM_C" -L --timeout
  n "$1" "$IPVSADM_C" -L --daemon
  n "$1" nft list ruleset 2>/dev/null
}

remember() { # NAME
  look "$1" >"/tmp/$1.before"
}

as_before() { # NAME: says so, or what differs
  look "$1" | diff "/tmp/$1.before" - && echo "$1 as before"
}

# What rtnetlink tells is seen by a listener that has heard of a device of ours coming and going.
unchanged_by() { # NAME COMMAND...: what the command prints, and all that it changes
  name=$1
  shift
  look "$name" >/tmp/looked
  : >/tmp/told
  ip -n "$name" monitor link address route >>/tmp/told &
  monitor=$!
  until grep -q 'Deleted.*probe' /tmp/told; do
    ip -n "$name" link add probe type dummy && ip -n "$name" link del probe
  done
  sleep 0.2
  : >/tmp/told
  n "$name" "$@"
  look "$name" | diff /tmp/looked -
  kill $monitor
  wait $monitor 2>/dev/null
  cat /tmp/told
}

# The program on Node without the native executable beside it: /tmp/bare/bin/ipvsadm.
bare_program() {
  from=$(dirname "$(dirname "$(readlink -f "$IPVSADM_NODE")")")
  mkdir -p /tmp/bare/bin /tmp/bare/dist
  cp "$from/bin/ipvsadm" "$from/bin/ipvsadm-node" /tmp/bare/bin
  cp -r "$from"/dist/*.cjs "$from"/dist/*.js "$from/dist/prebuilds" /tmp/bare/dist
}

# Kills `up` before each of its changes; afterwards down cleans, and so does up with down.
killed_anywhere() { # NAME PROGRAM UP DOWN, the last two as words
  remember "$1"
  n "$1" $2 $3 >/dev/null 2>&1
  look "$1" >/tmp/made
  n "$1" $2 $4 >/dev/null
  as_before "$1"
  number=1
  while killed "$number" "$1" $2 $3; do
    n "$1" $2 $4 >/dev/null
    as_before "$1" >/tmp/said || { echo "down after a kill before change $number:"; cat /tmp/said; }
    killed "$number" "$1" $2 $3
    n "$1" $2 $3 >/dev/null 2>&1 || echo "up after a kill before change $number: status $?"
    look "$1" | diff /tmp/made - >/tmp/said || { echo "up after a kill before change $number:"; cat /tmp/said; }
    n "$1" $2 $4 >/dev/null
    as_before "$1" >/tmp/said || { echo "up and down after a kill before change $number:"; cat /tmp/said; }
    number=$((number + 1))
  done
  echo "killed $((number - 1)) times"
}

killed() { # CHANGE NAME COMMAND...: whether the command was killed before that change
  change=$1
  shift
  (KILL_BEFORE=$change NODE_OPTIONS="--require $kill" n "$@") >/dev/null 2>&1
  [ $? = 137 ]
}
