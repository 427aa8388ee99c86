/** The workloads. Each is run by all its programs in turn, in a new network namespace each time. */

import type { ProgramName } from './programs';
import { type CheckName, type Shape, shapeName } from './tables';

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
  /** The table that /tmp/keepalived.conf describes. */
  readonly keepalived?: Shape;
  /** The health check of each server of that file, as people write it. */
  readonly checked?: CheckName;
  /** Whether /tmp/wanted.json is the table with one weight changed. */
  readonly wanted?: true;
  /** Arguments of ipvsadm; absent for `node -e 0`. */
  readonly args?: readonly string[];
  /** The programs that are measured. */
  readonly programs: readonly ProgramName[];
  readonly runs: number;
}

/** The same programs of another checkout, with `--before`. */
export const baselines = {
  ours: 'ours-before',
  subcommand: 'subcommand-before',
  native: 'native-before',
} as const;

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
      programs: ['node', 'ours', 'subcommand', 'npm', 'npm-launcher', 'native', 'c', 'floor'],
      runs: runs(21),
    },
  ];
  for (const shape of [...tenThousand, ...hundredThousand]) {
    const total = shape.services * shape.servers;
    for (const args of [['-R'], ['-Ln'], ['-Sn'], ['-Ln', '--stats']]) {
      list.push(tableWorkload(shape, args, runs(total > 10_000 ? 3 : 7)));
    }
  }
  for (const shape of [tenThousand[2]!, hundredThousand[0]!]) {
    list.push({
      name: `-L --json ${shapeName(shape)}`,
      table: shape,
      args: ['-L', '--json'],
      programs: ['ours', 'ours-stats', 'native', 'native-stats'],
      runs: runs(3),
    });
  }
  for (const shape of [tenThousand[2]!, hundredThousand[1]!]) list.push(...documents(shape, runs(3)));
  list.push({
    name: 'list with pyroute2 100 x 100',
    table: tenThousand[2]!,
    args: ['-Ln'],
    programs: ['ours', 'pyroute2'],
    runs: runs(3),
  });
  for (const shape of [{ services: 4000, servers: 4 }, hundredThousand[1]!]) {
    list.push({
      name: `read keepalived.conf ${shapeName(shape)}`,
      keepalived: shape,
      checked: 'TCP_CHECK',
      args: ['restore', '--check', '--no-trial', '/tmp/keepalived.conf'],
      programs: ['ours', 'keepalived'],
      runs: runs(5),
    });
  }
  for (const [connections, programs] of [
    [100_000, ['ours', 'native', 'c']],
    [MAX_CONNECTIONS, ['ours', 'native']],
  ] as const) {
    list.push({
      name: `-Lnc, ${connections.toLocaleString('en')} connections`,
      connections,
      args: ['-Lnc'],
      programs,
      runs: runs(3),
    });
  }
  list.push({
    name: 'connections of one client among 100,000',
    connections: 100_000,
    args: ['connections', '--client', '10.0.0.7'],
    programs: ['ours', 'c-grep'],
    runs: runs(3),
  });
  for (const shape of growth) {
    for (const args of [['-R'], ['-Ln']]) {
      const workload = tableWorkload(shape, args, runs(3));
      if (!list.some(({ name }) => name === workload.name)) list.push(workload);
    }
  }
  return list;
}

/** Loads a table from a file of keepalived, and changes one weight of a table. */
function documents(shape: Shape, runs: number): Workload[] {
  return [
    {
      name: `load keepalived.conf ${shapeName(shape)}`,
      keepalived: shape,
      args: ['apply', '/tmp/keepalived.conf'],
      programs: ['ours', 'keepalived-load'],
      runs,
    },
    {
      name: `apply one change of JSON ${shapeName(shape)}`,
      table: shape,
      keepalived: shape,
      wanted: true,
      args: ['apply', '/tmp/wanted.json'],
      programs: ['ours', 'keepalived-load', 'keepalived-reload'],
      runs,
    },
  ];
}

/** Restores a table, or lists one. */
function tableWorkload(shape: Shape, args: readonly string[], runs: number): Workload {
  const restoring = args[0] === '-R';
  return {
    name: `${restoring ? 'restore' : args.join(' ')} ${shapeName(shape)}`,
    ...(restoring ? { input: shape } : { table: shape }),
    args,
    programs:
      shape.services * shape.servers > MAX_FOR_C
        ? ['ours', 'native', 'floor']
        : ['ours', 'native', 'c', 'floor'],
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
