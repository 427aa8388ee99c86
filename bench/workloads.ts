/** What is measured: each work is done by both programs in turn, in a fresh network namespace each time. */

/** How many services and how many real servers each. */
export interface Shape {
  readonly services: number;
  readonly servers: number;
}

export interface Work {
  readonly name: string;
  /** Rules that the table holds before the work begins; absent: an empty table. */
  readonly table?: Shape;
  /** Rules on standard input. */
  readonly input?: Shape;
  /** Connections in a file that stands in for the kernel's: making as many by traffic takes longer than all the rest. */
  readonly connections?: number;
  /** Arguments of ipvsadm; absent for `node -e 0`. */
  readonly args?: readonly string[];
  /** Which programs do it. */
  readonly programs: readonly ProgramName[];
  readonly runs: number;
}

/** `node` is `node -e 0`; `words` our word command of the same meaning; `native` the program on QuickJS. */
export type ProgramName = 'node' | 'ours' | 'words' | 'native' | 'c';

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

/** Real servers in all, for the plot of how cost grows. */
const growth: readonly Shape[] = [
  { services: 10, servers: 100 },
  { services: 100, servers: 100 },
  { services: 100, servers: 1000 },
  { services: 500, servers: 1000 },
];
export const growthKinds = ['restore', '-Ln'] as const;

/** Shows that memory does not grow with the table. */
const MAX_CONNECTIONS = 1_000_000;

/** The C program takes minutes for more. */
const MAX_FOR_C = 100_000;

/** @param scale a factor for the number of runs. */
export function workloads(scale: number): Work[] {
  const runs = (most: number) => Math.max(1, Math.round(most * scale));
  const list: Work[] = [
    { name: 'start: -h', args: ['-h'], programs: ['node', 'ours', 'native', 'c'], runs: runs(21) },
    {
      name: 'start: -ln, small table',
      table: { services: 1, servers: 2 },
      args: ['-ln'],
      programs: ['node', 'ours', 'words', 'native', 'c'],
      runs: runs(21),
    },
  ];
  for (const shape of [...tenThousand, ...hundredThousand]) {
    const total = shape.services * shape.servers;
    for (const args of [['-R'], ['-Ln'], ['-Sn'], ['-Ln', '--stats']]) {
      list.push(tableWork(shape, args, runs(total > 10_000 ? 3 : 7)));
    }
  }
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
      const work = tableWork(shape, args, runs(3));
      if (!list.some(({ name }) => name === work.name)) list.push(work);
    }
  }
  return list;
}

/** Restoring a table, or listing one. */
function tableWork(shape: Shape, args: readonly string[], runs: number): Work {
  const restoring = args[0] === '-R';
  return {
    name: `${restoring ? 'restore' : args.join(' ')} ${shapeName(shape)}`,
    ...(restoring ? { input: shape } : { table: shape }),
    args,
    programs: shape.services * shape.servers > MAX_FOR_C ? ['ours', 'native'] : ['ours', 'native', 'c'],
    runs,
  };
}

/** The growth workloads of a kind, smallest first: real servers in all and the work's name. */
export function growthOf(kind: (typeof growthKinds)[number]): { total: number; name: string }[] {
  return growth.map((shape) => ({
    total: shape.services * shape.servers,
    name: `${kind} ${shapeName(shape)}`,
  }));
}

/** The rules of a table as a restore reads them: services 10.x.y.z:80, real servers 172.16.0.0 and up. */
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
