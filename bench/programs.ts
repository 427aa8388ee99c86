/** The programs that are measured. */
import { CHANGED_WEIGHT, lastService, type Shape } from './tables';
import type { Workload } from './workloads';

/**
 * How a program is measured in the shell of the guest. The workload's table is in the kernel before
 * the clock starts, except for programs that load it.
 */
interface Program {
  readonly command: (workload: Workload) => string;
  /** What runs before the clock starts, instead of loading the table. */
  readonly before?: (workload: Workload) => string;
  /** What runs after the clock has stopped. */
  readonly after?: string;
  /** Prints the peak memory in kilobytes, for a program that has not ended when the clock stops. */
  readonly memory?: string;
  /** The variables that it needs; it is left out when one is not set. */
  readonly needs?: readonly string[];
}

const ours = ({ args = [] }: Workload) => `"$IPVSADM_NODE" ${args.join(' ')}`;
const run = (program: string) => ({ command: ({ args = [] }: Workload) => `${program} ${args.join(' ')}` });

/** The last server of the last service of the table that a keepalived.conf describes. */
function waiting({ keepalived }: Workload, weight: number): string {
  const { servers } = keepalived as Shape;
  return `"$FLOOR" wait ${lastService(keepalived as Shape)} 80 ${servers} ${weight}`;
}

/** keepalived reads a copy, which a change replaces. */
const copy = 'rm -rf /tmp/k; mkdir /tmp/k; cp /tmp/keepalived.conf /tmp/k/conf';

const start =
  '"$KEEPALIVED" -C -n -l -D -G -f /tmp/k/conf -p /tmp/k/pid -c /tmp/k/checkers >/tmp/k/log 2>&1 & daemon=$!';

/** Nothing is left for the kernel to delete: the namespace ends. */
const stop = 'kill -9 $(cat /tmp/k/checkers) $daemon 2>/dev/null; wait $daemon 2>/dev/null';

const peak = "sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$(cat /tmp/k/checkers)/status";

/** The last server of the file gets the weight that is waited for. */
const change = `awk '/weight/ { last = NR } { line[NR] = $0 } END { sub(/weight.*/, "weight ${CHANGED_WEIGHT}", line[last]); for (n = 1; n <= NR; n++) print line[n] }' /tmp/keepalived.conf >/tmp/k/conf`;

export const programs = {
  /** Node itself. */
  node: { command: () => 'node -e 0' },
  /** Ours on Node. */
  ours: run('"$IPVSADM_NODE"'),
  subcommand: { command: () => '"$IPVSADM_NODE" list --numeric' },
  /** Ours on QuickJS. */
  native: run('"$IPVSADM_NATIVE"'),
  /** Ours as npm installs it, with the package's script and without. */
  npm: run('"$IPVSADM_NPM/ipvsadm"'),
  'npm-launcher': run('"$IPVSADM_NPM_LAUNCHER/ipvsadm"'),
  /** The C program. */
  c: run('"$IPVSADM_C"'),
  /** bench/floor. */
  floor: run('"$FLOOR"'),
  /** Python's library for netlink. */
  pyroute2: { command: () => 'eval "$PYROUTE2"', needs: ['PYROUTE2'] },
  /** `keepalived -t`, which reads a file and ends. */
  keepalived: { command: () => '"$KEEPALIVED" -C -t -f /tmp/keepalived.conf' },
  /** keepalived, from its start until the last real server is in the table. */
  'keepalived-load': {
    before: () => copy,
    command: (workload) => `${start}; ${waiting(workload, 0)}`,
    memory: peak,
    after: stop,
  },
  /** A running keepalived, from SIGHUP until a changed weight is in the table. */
  'keepalived-reload': {
    before: (workload) => `${copy}\n${start}; ${waiting(workload, 0)}; sleep 1; ${change}`,
    command: (workload) => `kill -HUP $daemon; ${waiting(workload, CHANGED_WEIGHT)}`,
    memory: peak,
    after: stop,
  },
  /** The listing with statistics of the same table, for the one in JSON. */
  'ours-stats': { command: () => '"$IPVSADM_NODE" -Ln --stats' },
  'native-stats': { command: () => '"$IPVSADM_NATIVE" -Ln --stats' },
  /** The connections of one client, as people found them so far. */
  'c-grep': { command: () => '"$IPVSADM_C" -Lnc | grep " 10.0.0.7:"' },
  /** The same programs of another checkout, with `--before`. */
  'ours-before': {
    command: (workload) => ours(workload).replace('$IPVSADM_NODE', '$IPVSADM_NODE_BEFORE'),
  },
  'subcommand-before': { command: () => '"$IPVSADM_NODE_BEFORE" list --numeric' },
  'native-before': run('"$IPVSADM_BEFORE/dist/native/ipvsadm"'),
} as const satisfies Readonly<Record<string, Program>>;

export type ProgramName = keyof typeof programs;

/** The program with every part that it may have. */
export function programOf(name: ProgramName): Program {
  return programs[name];
}

/** Of each pair, the time of the first program ÷ that of the second is reported. */
export const peers: readonly (readonly [program: ProgramName, peer: ProgramName, meaning: string])[] = [
  ['npm', 'c', 'npm installation ÷ C'],
  ['npm-launcher', 'c', 'npm installation without its script ÷ C'],
  ['native', 'floor', 'native ÷ floor'],
  ['ours', 'floor', 'Node ÷ floor'],
  ['c', 'floor', 'C ÷ floor'],
  ['ours', 'pyroute2', 'Node ÷ pyroute2'],
  ['ours', 'ours-stats', 'Node, JSON ÷ `--stats`'],
  ['native', 'native-stats', 'native, JSON ÷ `--stats`'],
  ['ours', 'c-grep', 'Node ÷ C with grep'],
  ['ours', 'keepalived', 'Node ÷ `keepalived -t`'],
  ['ours', 'keepalived-load', "Node ÷ keepalived's load"],
  ['ours', 'keepalived-reload', "Node ÷ keepalived's reload"],
];
