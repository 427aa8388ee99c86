# Sourced by the scripts of the tests, after ../setup/ground.sh: directors, real servers of DR, a client
# that counts, on one switch. $ha: the folder of this file; $program: director.js; $keepalived, $helper.
# shellcheck shell=dash
vip=10.9.0.100
cp "$ha"/*.js /tmp

network() { # DIRECTOR...
  sw lan
  host c lan 10.9.0.2/16
  place=10
  for d; do
    place=$((place + 1)) # host() uses i and h
    host "$d" lan "10.9.0.$place/16"
    keeps "$d"
    n "$d" sysctl -qw net.ipv4.vs.sloppy_tcp=1 2>/dev/null
  done
  host r1 lan 10.9.0.21/16
  host r2 lan 10.9.0.22/16
  for r in r1 r2; do
    n $r sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    ip -n $r addr add $vip/32 dev lo
    within_namespace $r node /tmp/serve.js 80 &
  done
  for d; do table "$d"; done
}

# A process by which the client looks into the namespace: a machine without it has no VIP.
keeps() { # DIRECTOR
  within_namespace "$1" sleep 100000 &
  echo $! >"/tmp/$1.sleep"
}

# In place of the shell, so that its process id in the background is the program's.
within_namespace() { # NAME COMMAND...
  exec ip netns exec "$@"
}

table() { # DIRECTOR: the table, and both sync daemons
  n "$1" "$IPVSADM_C" -A -t $vip:80 -s rr
  for r in 21 22; do n "$1" "$IPVSADM_C" -a -t $vip:80 -r 10.9.0.$r -g; done
  for kind in master backup; do n "$1" "$IPVSADM_C" --start-daemon $kind --mcast-interface eth0 --syncid 7; done
}

settings() { # DIRECTOR PRIORITY [FIELDS OF THE ENGINE [FIELDS]]
  cat <<EOF
{"name":"$1","interface":"eth0","vips":["$vip"],"directory":"/tmp/run-$1","keepalived":"$keepalived",
"helper":"$helper","engine":{"kind":"keepalived","id":51,"priority":$2${3:+,$3}}${4:+,$4}}
EOF
}

director() { # DIRECTOR PRIORITY [FIELDS OF THE ENGINE [FIELDS]]: runs our engine
  settings "$@" >"/tmp/$1.json"
  : >>"/tmp/$1.log"
  within_namespace "$1" node "$program" "$(cat "/tmp/$1.json")" >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

again() { # DIRECTOR: its engine with the same settings
  : >>"/tmp/$1.log"
  within_namespace "$1" node "$program" "$(cat "/tmp/$1.json")" >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

alone() { # DIRECTOR PRIORITY: keepalived with a VIP of its own
  mkdir -p "/tmp/run-$1"
  cat >"/tmp/$1.conf" <<EOF
vrrp_instance alone {
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 51
  priority $2
  advert_int 1
  virtual_ipaddress {
    $vip/32 dev eth0
  }
}
EOF
  run_alone "$1"
}

run_alone() { # DIRECTOR
  : >>"/tmp/$1.log"
  within_namespace "$1" "$keepalived" -n -l -P -f "/tmp/$1.conf" -p "/tmp/run-$1/p" -r "/tmp/run-$1/v" >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

has_vip() { # DIRECTOR
  listed ip -n "$1" -o addr show dev eth0 | grep -q "[ /]$vip/"
}

holders() {
  for d in d1 d2 d3; do
    [ ! -e "/run/netns/$d" ] || ! has_vip $d || printf '%s ' $d
  done
}

role() { # DIRECTOR: the last one that it told
  sed -n 's/^[0-9]* role \([a-z]*\).*/\1/p' "/tmp/$1.log" | tail -n 1
}

keepalives() { # DIRECTOR: how many processes of keepalived it runs
  for p in $(ip netns pids "$1"); do cat "/proc/$p/comm"; done 2>/dev/null | grep -c keepalived
}

elected() { # sets $leader and $standby of d1 and d2
  within 90 'case "$(role d1) $(role d2)" in "leader standby" | "standby leader") true ;; *) false ;; esac' || cat d?.log
  leader=d1 standby=d2
  [ "$(role d1)" = leader ] || { leader=d2; standby=d1; }
}

within() { # SECONDS TEST: waits until a shell text is true
  end=$(($(cut -d. -f1 /proc/uptime) + $1))
  until eval "$2"; do
    [ "$(cut -d. -f1 /proc/uptime)" -le $end ] || { echo "not within $1 s: $2"; return 1; }
    sleep 0.1
  done
}

processes_of() { # DIRECTOR: all but the one that keeps the namespace
  ip netns pids "$1" | grep -vx "$(cat "/tmp/$1.sleep")"
}

counts() { # [CONNECTIONS]: starts the client
  : >/tmp/counted
  pids=$(for d in d1 d2 d3; do [ ! -e "/tmp/$d.sleep" ] || cat "/tmp/$d.sleep"; done | tr '\n' ' ')
  # shellcheck disable=SC2086
  within_namespace c node /tmp/count.js $vip 80 "${1:-20}" $pids >/tmp/counted 2>&1 &
  counter=$!
  within 20 'grep -q ready /tmp/counted'
  sleep 3.5 # the sync daemons tell of connections after 2 s
  kill -USR1 $counter
}

counted() { # SECONDS: what the client has seen until then
  sleep "$1"
  kill -USR2 $counter
  within 20 'grep -q requests /tmp/counted'
  tail -n 1 /tmp/counted
}

# What happens to a director. The machine itself: its cable, and everything that runs.
gone() { # DIRECTOR
  ip link set "${1}0" down
  # shellcheck disable=SC2046
  kill -9 $(ip netns pids "$1") 2>/dev/null
}

back() { # DIRECTOR START: as after a restart of the machine
  keeps "$1"
  ip -n "$1" addr del $vip/32 dev eth0 2>/dev/null
  ip link set "${1}0" up
  "$2" "$1"
}

apart() { # on|off: the directors do not see each other; everybody else sees both
  for d in d1 d2; do bridge link set dev ${d}0 isolated "$1"; done
}
