# Sourced by the scripts of the tests, after ../setup/ground.sh: a client, a director, two real servers of
# NAT, and what the daemon is asked.
# shellcheck shell=dash
talk=/tmp/talk.js
cp "$traffic/talk.js" $talk

network() {
  mkdir -p /var/lib/ipvsadm && mount -t tmpfs tmpfs /var/lib/ipvsadm
  sw lan out
  host c out 192.0.2.9/24
  host d out 192.0.2.1/24,192.0.2.10/32 lan 10.0.0.12/24
  host r1 lan 10.0.0.17/24
  host r2 lan 10.0.0.18/24
  n d sysctl -qw net.ipv4.ip_forward=1
  for r in r1 r2; do
    ip -n $r route add default via 10.0.0.12
    server $r
  done
  ip -n c route add default via 192.0.2.1
  document >lvs.yaml
}

# In place of the shell, so that its process id in the background is the program's.
within_namespace() { # NAME COMMAND...
  exec ip netns exec "$@"
}

server() { # NAME: answers at port 80
  within_namespace "$1" node $talk serve 80 &
  echo $! >"/tmp/$1.pid"
}

document() { # [FIELDS OF THE SERVICE]
  cat <<EOF
format: ipvsadm-state
version: 2
checks:
  port: { type: tcp, interval: 1s, timeout: 2s }
services:
  - name: web
    protocol: tcp
    address: 192.0.2.10
    port: 80
    scheduler: ${1:-rr}
    check: port
    servers:
      - { name: web01, address: 10.0.0.17, forwarding: masquerading, weight: ${2:-1} }
      - { name: web02, address: 10.0.0.18, forwarding: masquerading }
EOF
}

daemon() { # [ARGUMENT]...: starts it, and waits until it answers
  within_namespace d "$IPVSADM_NODE" director run lvs.yaml "$@" >>log 2>&1 &
  daemon=$!
  within 60 'asks health >/dev/null 2>&1' || cat log
}

asks() { # COMMAND...
  n d "$IPVSADM_NODE" "$@"
}

status() { # FIELD: of the daemon, as JSON
  asks director status --json | node -p "JSON.stringify(JSON.parse(require('fs').readFileSync(0)).daemon.$1)"
}

table() { # as one line, in the genuine program's words
  n d "$IPVSADM_C" -Sn | tr '\n' ';'
}

within() { # SECONDS TEST: waits until a shell text is true
  end=$(($(cut -d. -f1 /proc/uptime) + $1))
  until eval "$2"; do
    [ "$(cut -d. -f1 /proc/uptime)" -le $end ] || { echo "not within $1 s: $2"; return 1; }
    sleep 0.1
  done
}

both='table | grep -q "17:80 -m -w 1;.*18:80 -m -w 1;"'

talks() { # NUMBER: connections of the client
  : >talked
  within_namespace c node $talk talk 192.0.2.10 80 "$1" >talked &
  talker=$!
  within 20 'grep -q ready talked'
}

alive() { # how many of them still are
  kill -USR2 $talker
  within 30 '[ "$(wc -l <talked)" = 2 ]'
  tail -n 1 talked
}
