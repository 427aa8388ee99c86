/** Networks in which doctor looks for mistakes: shell functions, and reading what it printed. */

/** One finding as doctor --json prints it. */
export interface PrintedFinding {
  readonly id: string;
  readonly certainty: string;
  readonly what: string;
  readonly how: string;
  readonly effect: string;
  readonly remedy: string;
  readonly fix?: readonly string[];
  readonly fixed?: boolean;
}

/** The functions of the scripts. `machine NAME [SWITCH ADDRESS]...`; `doctor LABEL MACHINE ARGUMENT...`. */
export const functions = `
switch() { ip link add "$1" type bridge forward_delay 0 mcast_snooping 0 && ip link set "$1" up; }
on() { name=$1; shift; ip netns exec "$name" "$@"; }
machine() {
  name=$1; shift; count=0
  ip netns add "$name" && ip -n "$name" link set lo up
  while [ $# -gt 0 ]; do
    ip link add name "$name$count" type veth peer name "eth$count" netns "$name"
    ip link set "$name$count" master "$1" up && ip -n "$name" link set "eth$count" up
    ip -n "$name" addr add "$2" dev "eth$count"; shift 2; count=$((count + 1))
  done
}
quiet() { on "$1" sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2; }
page() { mkdir -p "www/$1"; echo "$1" >"www/$1/index.html"; on "$1" httpd -p "$2" -h "www/$1"; }
ask() { on "$1" timeout 3 wget -q -O - "http://$2/" 2>/dev/null; }
burst() { i=0; while [ $i -lt "$3" ]; do ask "$1" "$2" >/dev/null & i=$((i + 1)); done; }
director() { on director "$IPVSADM_C" "$@"; }
asked=
doctor() {
  label=$1; place=$2; shift 2; asked="$asked $label"
  { on "$place" "$IPVSADM_NODE" doctor --json "$@" >"found.$label" 2>"said.$label"; echo "$?" >"status.$label"; } &
  doctors="$doctors $!"
}
doctors=
settled() { wait $doctors; doctors=; }
report() { echo; for label in $asked; do echo "=== $label $(cat "status.$label")"; cat "said.$label" "found.$label"; done; }
`;

export interface Looked {
  readonly status: number;
  /** The ids with their certainties, sorted: 'vip-missing certain'. */
  readonly found: readonly string[];
  readonly findings: readonly PrintedFinding[];
}

/** What \`report\` printed, by label. */
export function readReport(text: string): Record<string, Looked> {
  const parts = text.split(/^=== /m).slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [, label, status, body] = /^(\S+) (\d+)\n([\s\S]*)$/.exec(part)!;
      const findings = parsed(body!);
      const found = findings.map(({ id, certainty }) => `${id} ${certainty}`);
      return [label!, { status: Number(status), found: [...new Set(found)].sort(), findings }];
    }),
  );
}

function parsed(body: string): PrintedFinding[] {
  try {
    return JSON.parse(body);
  } catch {
    throw new Error(`doctor printed: ${body}`);
  }
}
