/** The workloads. Each is run by all its programs in turn, in a new network namespace each time. */

/** The number of services, and of real servers of each service. */
export interface Shape {
  readonly services: number;
  readonly servers: number;
}

export interface Workload {
  readonly name: string;
  /** The table before the measurement; absent: empty. */
  readonly table?: Shape;
  /** The table whose rules are on standard input. */
  readonly input?: Shape;
  /**
   * Connections in a file that replaces /proc/net/ip_vs_conn, because creating them by traffic
   * would take longer than everything else.
   */
  readonly connections?: number;
  /** The table that keepalivedConf describes, as /tmp/keepalived.conf. */
  readonly keepalived?: Shape;
  /** Arguments of ipvsadm; absent for `node -e 0`. */
  readonly args?: readonly string[];
  /** The programs that are measured. */
  readonly programs: readonly ProgramName[];
  readonly runs: number;
}

/**
 * `node`: `node -e 0`. `ours`, `native`: on Node and QuickJS. `subcommand`: `list --numeric`.
 * `npm`, `npm-launcher`: the command that npm installs, with the package's script and without.
 * `keepalived`: `keepalived -t`, which reads a file and ends.
 */
export type ProgramName =
  | 'node'
  | 'ours'
  | 'subcommand'
  | 'native'
  | 'npm'
  | 'npm-launcher'
  | 'c'
  | 'keepalived'
  | Baseline;

/** The same programs of another checkout, with `--before`. */
export const baselines = {
  ours: 'ours-before',
  subcommand: 'subcommand-before',
  native: 'native-before',
} as const;
type Baseline = (typeof baselines)[keyof typeof baselines];

/** The workload for ours alone, each program followed by the same one of the other checkout. */
export function againstBefore(workload: Workload): Workload {
  const programs = workload.programs.flatMap((program) =>
    program in baselines ? [program, baselines[program as keyof typeof baselines]] : [],
  );
  return { ...workload, programs };
}

const tenThousand: readonly Shape[] = [
  { services: 1000, servers: 10 },
  { services: 10, servers: 1000 },
  { services: 100, servers: 100 },
];
const hundredThousand: readonly Shape[] = [
  { services: 100, servers: 1000 },
  { services: 1000, servers: 100 },
];

export function shapeName({ services, servers }: Shape): string {
  return `${services} x ${servers}`;
}

/** The tables for the plot of time against the number of real servers. */
const growth: readonly Shape[] = [
  { services: 10, servers: 100 },
  { services: 100, servers: 100 },
  { services: 100, servers: 1000 },
  { services: 500, servers: 1000 },
];
export const growthKinds = ['restore', '-Ln'] as const;

/** Shows that memory does not grow with the number of connections. */
const MAX_CONNECTIONS = 1_000_000;

/** The number of real servers beyond which the C program takes minutes. */
const MAX_FOR_C = 100_000;

/** @param scale a factor for the number of runs. */
export function workloads(scale: number): Workload[] {
  const runs = (most: number) => Math.max(1, Math.round(most * scale));
  const list: Workload[] = [
    { name: 'start: -h', args: ['-h'], programs: ['node', 'ours', 'native', 'c'], runs: runs(21) },
    {
      name: 'start: -ln, small table',
      table: { services: 1, servers: 2 },
      args: ['-ln'],
      programs: ['node', 'ours', 'subcommand', 'native', 'npm', 'npm-launcher', 'c'],
      runs: runs(21),
    },
  ];
  for (const shape of [...tenThousand, ...hundredThousand]) {
    const total = shape.services * shape.servers;
    for (const args of [['-R'], ['-Ln'], ['-Sn'], ['-Ln', '--stats']]) {
      list.push(tableWorkload(shape, args, runs(total > 10_000 ? 3 : 7)));
    }
  }
  list.push({
    name: 'read keepalived.conf 4000 x 4',
    keepalived: { services: 4000, servers: 4 },
    args: ['restore', '--check', '--no-trial', '/tmp/keepalived.conf'],
    programs: ['ours', 'keepalived'],
    runs: runs(5),
  });
  for (const [connections, programs] of [
    [100_000, ['ours', 'c']],
    [MAX_CONNECTIONS, ['ours']],
  ] as const) {
    list.push({
      name: `-Lnc, ${connections.toLocaleString('en')} connections`,
      connections,
      args: ['-Lnc'],
      programs,
      runs: runs(3),
    });
  }
  for (const shape of growth) {
    for (const args of [['-R'], ['-Ln']]) {
      const workload = tableWorkload(shape, args, runs(3));
      if (!list.some(({ name }) => name === workload.name)) list.push(workload);
    }
  }
  return list;
}

/** Restores a table, or lists one. */
function tableWorkload(shape: Shape, args: readonly string[], runs: number): Workload {
  const restoring = args[0] === '-R';
  return {
    name: `${restoring ? 'restore' : args.join(' ')} ${shapeName(shape)}`,
    ...(restoring ? { input: shape } : { table: shape }),
    args,
    programs: shape.services * shape.servers > MAX_FOR_C ? ['ours', 'native'] : ['ours', 'native', 'c'],
    runs,
  };
}

/** Returns the total number of real servers and the workload's name for each point of the plot. */
export function growthOf(kind: (typeof growthKinds)[number]): { total: number; name: string }[] {
  return growth.map((shape) => ({
    total: shape.services * shape.servers,
    name: `${kind} ${shapeName(shape)}`,
  }));
}

/** The same table as a keepalived.conf, as people write it. */
export function keepalivedConf({ services, servers }: Shape): string {
  const block = (head: string, lines: readonly string[]) =>
    [`${head} {`, ...lines.map((line) => `    ${line}`), '}'] as const;
  return Array.from({ length: services }, (_, service) => {
    const real = Array.from({ length: servers }, (_, server) =>
      block(`real_server 172.16.${server >> 8}.${server & 255} 8080`, [
        `weight ${1 + (server % 100)}`,
        ...block('TCP_CHECK', ['connect_timeout 3', 'retry 3']),
      ]),
    );
    const lines = ['delay_loop 6', 'lb_algo wrr', 'lb_kind NAT', 'protocol TCP', ...real.flat()];
    return `${block(`virtual_server 10.1.${service >> 8}.${service & 255} 80`, lines).join('\n')}\n`;
  }).join('');
}

/** Returns the rules of a table: services 10.x.y.z:80, real servers from 172.16.0.0. */
export function rules({ services, servers }: Shape): string {
  const lines: string[] = [];
  for (let service = 0; service < services; service++) {
    const address = `10.${1 + (service >> 16)}.${(service >> 8) & 255}.${service & 255}:80`;
    lines.push(`-A -t ${address} -s wrr`);
    for (let server = 0; server < servers; server++) {
      const host = `172.${16 + (server >> 16)}.${(server >> 8) & 255}.${server & 255}`;
      lines.push(`-a -t ${address} -r ${host}:8080 -m -w ${1 + (server % 100)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
