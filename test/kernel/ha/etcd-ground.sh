# Sourced by the scripts of the tests, after ground.sh: director daemons as people run them, each on a
# machine of its own with files of its own, and a real etcd. $etcd: the folder of its programs.
# shellcheck shell=dash
# shellcheck disable=SC2154

store() { # MEMBER...: machines of etcd
  members='' endpoints='' place=30
  for e; do
    place=$((place + 1))
    host "$e" lan "10.9.0.$place/16"
    members="$members${members:+,}$e=http://10.9.0.$place:2380"
    endpoints="$endpoints${endpoints:+, }'http://10.9.0.$place:2379'"
  done
  for e; do member "$e"; done
  for e; do within 60 "health $e"; done
}

member() { # MEMBER [FOLDER]: starts it
  at=$(echo "$members" | tr , '\n' | sed -n "s/^$1=http:..\(.*\):2380/\1/p")
  within_namespace "$1" "$etcd/etcd" --name "$1" --data-dir "${2:-/tmp/$1.etcd}" --logger zap --log-level error \
    --listen-client-urls "http://$at:2379" --advertise-client-urls "http://$at:2379" \
    --listen-peer-urls "http://$at:2380" --initial-advertise-peer-urls "http://$at:2380" \
    --initial-cluster "$members" >>"/tmp/$1.etcd.log" 2>&1 &
  echo $! >"/tmp/$1.etcd.pid"
}

control() { # MEMBER ARGUMENT...: etcdctl, asking that member
  at=$(echo "$members" | tr , '\n' | sed -n "s/^$1=http:..\(.*\):2380/\1/p")
  member=$1
  shift
  ETCDCTL_API=3 n "$member" "$etcd/etcdctl" --endpoints "http://$at:2379" "$@"
}

health() { # MEMBER
  control "$1" endpoint health >/dev/null 2>&1
}

machines_of() { # DIRECTOR...: the network of ../ground.sh, without tables
  table() { :; }
  network "$@"
}

# A process in the namespaces of a machine: of its network, its files and its name.
keeps() { # DIRECTOR
  mkdir -p "/tmp/$1.lib" /run/ipvsadm /var/lib/ipvsadm
  within_namespace "$1" unshare -u sh -c "hostname $1
    mount -t tmpfs tmpfs /run/ipvsadm && mount --bind /tmp/$1.lib /var/lib/ipvsadm
    exec sleep 100000" &
  echo $! >"/tmp/$1.sleep"
  within 20 "[ \"\$(on $1 hostname 2>/dev/null)\" = $1 ]"
}

on() { # DIRECTOR COMMAND...
  keeper=$(cat "/tmp/$1.sleep")
  shift
  nsenter -t "$keeper" -m -u -n "$@"
}

document() { # [SCHEDULER]
  cat <<EOF
format: ipvsadm-state
version: 2
director:
  vips: [$vip]
  ha: { engine: etcd, endpoints: [$endpoints], cluster: web, sync: { syncId: 7 } }
checks:
  port: { type: tcp, interval: 2s }
services:
  - name: web
    protocol: tcp
    address: $vip
    port: 80
    scheduler: ${1:-rr}
    check: port
    servers:
      - { name: r1, address: 10.9.0.21, forwarding: gatewaying }
      - { name: r2, address: 10.9.0.22, forwarding: gatewaying }
EOF
}

director() { # DIRECTOR: starts its daemon on /tmp/DIRECTOR.yaml
  keeper=$(cat "/tmp/$1.sleep")
  : >>"/tmp/$1.log"
  (exec nsenter -t "$keeper" -m -u -n "$IPVSADM_NODE" director run "/tmp/$1.yaml") >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

directors() { # DIRECTOR...: each with the same document
  for d; do
    document >"/tmp/$d.yaml"
    director "$d"
  done
  within 60 '[ "$(holders | wc -w)" = 1 ]'
  within 60 'ready_standbys'
}

ask_ha() { # DIRECTOR FIELD
  on "$1" "$IPVSADM_NODE" ha status --json | node -p "JSON.parse(require('fs').readFileSync(0)).$2" 2>/dev/null
}

# Each director but the leader says in etcd that it could lead.
ready_standbys() {
  control e1 get --prefix lvs/web/directors/ --print-value-only 2>/dev/null | grep -c '"ready":true' | grep -qx "${1:-$(($(ls /tmp/d?.pid | wc -w) - 1))}"
}
