# Sourced after ground.sh: the director daemon itself on each director, and keepalived alone with its own
# LVS and sync daemon. $measured: `daemon` or `alone`.
# shellcheck shell=dash
mount -t tmpfs tmpfs /usr/local/sbin && ln -s "$keepalived" /usr/local/sbin/keepalived
servers='10.9.0.21 10.9.0.22'

table() { :; } # both make it themselves

pair() { # starts both directors: the first one leads
  network d1 d2
  for d in d1 d2; do "${measured}_files" $d; done
  "${measured}_runs" d1
  within 90 "leads d1"
  "${measured}_runs" d2
  within 90 "stands_by d2"
  sleep 3 # until whoever stands by is ready in all respects
}

number() { # DIRECTOR
  echo "${1#d}"
}

leads() { # DIRECTOR
  has_vip "$1" && "${measured}_is" "$1" leader
}

stands_by() { # DIRECTOR
  "${measured}_is" "$1" standby
}

# The daemon.

daemon_files() { # DIRECTOR
  me=$(number "$1")
  cat >"/tmp/$1.yaml" <<EOF
format: ipvsadm-state
version: 2
director:
  interface: eth0
  vips: [$vip]
  ha:
    engine: keepalived
    name: $1
    id: 51
    priority: $((300 - 50 * me)) # what the others wait for grows with what is missing to 256
    peers: [10.9.0.1$((3 - me))]
    sync: { syncId: 7 }
checks:
  port: { type: tcp, interval: 2s, timeout: 2s }
services:
  - name: web
    protocol: tcp
    address: $vip
    port: 80
    scheduler: rr
    check: port
    servers:
$(for server in $servers; do echo "      - { address: $server, forwarding: gatewaying }"; done)
EOF
}

daemon_runs() { # DIRECTOR
  within_namespace "$1" "$IPVSADM_NODE" director run "/tmp/$1.yaml" --socket "/tmp/$1.sock" \
    --run-directory "/tmp/run-$1" --state-directory "/tmp/state-$1" >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

daemon_is() { # DIRECTOR leader|standby, as it has told last
  case $(grep -o 'role: this director [a-z]*' "/tmp/$1.log" | tail -n 1) in
    *' leads'*) [ "$2" = leader ] ;;
    *' stands') [ "$2" = standby ] ;;
    *) false ;;
  esac
}

daemon_resigns() { # DIRECTOR
  asks "$1" ha resign >>"/tmp/$1.said" 2>&1
}

asks() { # DIRECTOR COMMAND...
  asked=$1
  shift
  n "$asked" "$IPVSADM_NODE" "$@" --socket "/tmp/$asked.sock"
}

daemon_again() { # DIRECTOR: after its process has ended, or as it goes on
  : >"/tmp/$1.log"
  kill -CONT "$(cat "/tmp/$1.pid")" 2>/dev/null || daemon_runs "$1"
}

# keepalived alone.

alone_files() { # DIRECTOR
  cat >"/tmp/$1.conf" <<EOF
global_defs {
  lvs_sync_daemon eth0 alone id 7
}
vrrp_instance alone {
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 51
  priority $((300 - 50 * $(number "$1")))
  advert_int 1
  virtual_ipaddress {
    $vip/32 dev eth0
  }
}
virtual_server $vip 80 {
  delay_loop 2
  lb_algo rr
  lb_kind DR
  protocol TCP
$(for server in $servers; do printf '  real_server %s 80 {\n    TCP_CHECK {\n      connect_timeout 2\n    }\n  }\n' "$server"; done)
}
EOF
}

alone_runs() { # DIRECTOR
  mkdir -p "/tmp/run-$1"
  within_namespace "$1" "$keepalived" -n -l -D -f "/tmp/$1.conf" -p "/tmp/run-$1/p" -r "/tmp/run-$1/v" \
    -c "/tmp/run-$1/c" >>"/tmp/$1.log" 2>&1 &
  echo $! >"/tmp/$1.pid"
}

alone_is() { # DIRECTOR leader|standby
  case $(grep -o 'Entering [A-Z]* STATE' "/tmp/$1.log" | tail -n 1) in
    *MASTER*) [ "$2" = leader ] ;;
    *BACKUP*) [ "$2" = standby ] ;;
    *) false ;;
  esac
}

alone_resigns() { # DIRECTOR: it can only be stopped
  kill -TERM "$(cat "/tmp/$1.pid")"
}

alone_again() { # DIRECTOR: what is left of the former one would be in its way
  # shellcheck disable=SC2046
  kill -9 $(processes_of "$1") 2>/dev/null
  ip -n "$1" addr del $vip/32 dev eth0 2>/dev/null
  : >"/tmp/$1.log"
  alone_runs "$1"
}

# What happens. $hit is the director that has the VIP.

send() { # DIRECTOR SIGNAL: to the daemon; to all of keepalived's processes, whose first one tells the others to stop
  case $measured-$2 in
    # shellcheck disable=SC2046
    alone-KILL | alone-STOP) kill -"$2" $(processes_of "$1") ;;
    *) kill -"$2" "$(cat "/tmp/$1.pid")" ;;
  esac
}

resigns() { # DIRECTOR
  "${measured}_resigns" "$1"
}

boots() { # DIRECTOR: nothing of what was before is left
  rm -rf "/tmp/run-$1"
  : >"/tmp/$1.log"
  n "$1" "$IPVSADM_C" -C
  for kind in master backup; do n "$1" "$IPVSADM_C" --stop-daemon $kind 2>/dev/null; done
  back "$1" "${measured}_runs"
}

again() { # DIRECTOR
  "${measured}_again" "$1"
}

round() { # EVENT RETURN SECONDS: prints what the client counts
  within 60 '[ "$(holders | wc -w)" = 1 ]'
  hit=$(holders)
  hit=${hit% }
  counts
  eval "$1"
  counted "$3"
  eval "$2"
  within 60 "stands_by $hit"
}
