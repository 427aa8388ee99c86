/** The directors that are compared: how each is configured, started, ended and told of another file. */
import type { CheckKind } from './events';

export interface Director {
  readonly title: string;
  /** The file, with a weight of the first real server. */
  readonly configuration: (check: CheckKind, weight: string) => string;
  readonly file: string;
  /** The command that runs it in the foreground. */
  readonly command: string;
  /** The number of changes that it sent to the kernel, if it knows. */
  readonly sent?: string;
}

const VIP = '10.9.0.100';
const servers = ['10.9.0.21', '10.9.0.22'] as const;
const weights = (weight: string) => [weight, '1'];

function document(timing: string): Director['configuration'] {
  return (check, weight) => `format: ipvsadm-state
version: 2
checks:
  check: { type: ${check}${timing} }
services:
  - name: web
    protocol: tcp
    address: ${VIP}
    port: 80
    scheduler: wrr
    check: check
    servers:
${servers.map((address, index) => `      - { address: ${address}, forwarding: gatewaying, weight: ${weights(weight)[index]} }`).join('\n')}`;
}

const ours = {
  file: 'lvs.yaml',
  command: '"$IPVSADM_NODE" director run lvs.yaml',
  sent: `"$IPVSADM_NODE" director status --json | sed -n 's/.*"changesSent": *\\([0-9]*\\).*/\\1/p'`,
};

const keepalivedTiming = 'connect_timeout 1\nretry 1\ndelay_before_retry 1';

const keepalivedChecks: Readonly<Record<CheckKind, string>> = {
  tcp: `TCP_CHECK {\n${keepalivedTiming}\n}`,
  http: `HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n${keepalivedTiming}\n}`,
};

const ldirectordChecks: Readonly<Record<CheckKind, string>> = {
  tcp: 'checktype = connect',
  http: 'checktype = negotiate\n\tservice = http\n\trequest = "/"\n\treceive = "r"',
};

export const directors = {
  ours: { title: 'ours, defaults', configuration: document(''), ...ours },
  equal: {
    title: "ours, keepalived's intervals",
    configuration: document(', interval: 1s, fast: 1s, slow: 1s, timeout: 1s, fall: 2, rise: 1'),
    ...ours,
  },
  keepalived: {
    title: 'keepalived',
    file: 'keepalived.conf',
    configuration: (check, weight) => `virtual_server ${VIP} 80 {
delay_loop 1
lb_algo wrr
lb_kind DR
protocol TCP
${servers.map((address, index) => `real_server ${address} 80 {\nweight ${weights(weight)[index]}\n${keepalivedChecks[check]}\n}`).join('\n')}
}`,
    command: '"$KEEPALIVED" -C -n -l -D -G -f "$PWD/keepalived.conf" -p "$PWD/pid" -c "$PWD/checkers"',
  },
  ldirectord: {
    title: 'ldirectord',
    file: 'ldirectord.cf',
    configuration: (check, weight) => `checktimeout = 1
negotiatetimeout = 1
checkinterval = 1
virtual = ${VIP}:80
${servers.map((address, index) => `\treal = ${address}:80 gate ${weights(weight)[index]}`).join('\n')}
\t${ldirectordChecks[check]}
\tscheduler = wrr
\tprotocol = tcp`,
    // It runs ./ipvsadm with -d alone.
    command:
      'env PERLIO=perlio LC_ALL=C "PERL5LIB=$LDIRECTORD_LIBRARIES" "$LDIRECTORD/usr/bin/perl" "$LDIRECTORD/usr/sbin/ldirectord" -d "$PWD/ldirectord.cf" start',
  },
} as const satisfies Readonly<Record<string, Director>>;

export type DirectorName = keyof typeof directors;

export const directorNames = Object.keys(directors) as DirectorName[];

/** The functions of the shell that handle a director. */
export function directorScript(name: DirectorName, check: CheckKind): string {
  const { file, command, configuration, sent }: Director = directors[name];
  return `ln -s "$IPVSADM_C" ipvsadm
configuration() { # WEIGHT
  cat >${file}.new <<END
${configuration(check, '$1')}
END
  mv ${file}.new ${file}
}
start() {
  ${command} >>log 2>&1 &
  director=$!
}
stop() {
  kill -TERM $director
  wait $director 2>/dev/null
}
reload() {
  kill -HUP $director
}
sent() {
  ${sent ? `echo "sent $(${sent})"` : ':'}
}`;
}
