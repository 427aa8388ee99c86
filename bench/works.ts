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
  /** Arguments of ipvsadm; absent for `node -e 0`. */
  readonly args?: readonly string[];
  /** Which programs do it. */
  readonly programs: readonly ProgramName[];
  readonly runs: number;
}

export const programNames = ['node', 'ours', 'words', 'c'] as const;
/** `node` is `node -e 0`; `words` our word command of the same meaning. */
export type ProgramName = (typeof programNames)[number];

const small: Shape = { services: 1, servers: 2 };
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

/** @param scale a factor for the number of runs. */
export function works(scale: number): Work[] {
  const runs = (most: number) => Math.max(1, Math.round(most * scale));
  const both: readonly ProgramName[] = ['ours', 'c'];
  const list: Work[] = [
    { name: 'start: -h', args: ['-h'], programs: ['node', 'ours', 'c'], runs: runs(15) },
    {
      name: 'start: -ln, small table',
      table: small,
      args: ['-ln'],
      programs: ['node', 'ours', 'words', 'c'],
      runs: runs(15),
    },
  ];
  for (const shape of [...tenThousand, ...hundredThousand]) {
    const large = shape.services * shape.servers > 10_000;
    list.push({
      name: `restore ${shapeName(shape)}`,
      input: shape,
      args: ['-R'],
      programs: both,
      runs: runs(large ? 3 : 7),
    });
    for (const args of [['-Ln'], ['-Sn'], ['-Ln', '--stats']]) {
      list.push({
        name: `${args.join(' ')} ${shapeName(shape)}`,
        table: shape,
        args,
        programs: both,
        runs: runs(large ? 5 : 9),
      });
    }
  }
  return list;
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
