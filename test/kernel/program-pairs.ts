/**
 * Random pairs of programs that change one table at the same time, and what may come of it. Tables
 * are simple: services with a scheduler, real servers with a weight.
 */
import fc from 'fast-check';

/** Services 'PORT' with their scheduler, and real servers 'PORT/LAST' with their weight. */
export type Table = ReadonlyMap<string, string | number>;

type Line =
  | { readonly kind: 'add' | 'edit'; readonly entry: string; readonly value: string | number }
  | { readonly kind: 'delete'; readonly entry: string };

/** One of the two programs; `genuine` changes the table line by line, with pauses. */
export type Program =
  | { readonly kind: 'apply' | 'restore'; readonly table: Table }
  | { readonly kind: 'set' | 'drain'; readonly server: string; readonly weight: number }
  | { readonly kind: 'genuine'; readonly lines: readonly Line[] };

export interface Pair {
  readonly start: Table;
  readonly programs: readonly [Program, Program];
  /** Seconds by which the second program starts later. */
  readonly delay: number;
}

const port = fc.constantFrom('80', '81', '82');
const server = fc.tuple(port, fc.constantFrom('1', '2', '3')).map((parts) => parts.join('/'));
const weight = fc.integer({ min: 1, max: 9 });
const scheduler = fc.constantFrom('rr', 'wrr', 'lc');

const table: fc.Arbitrary<Table> = fc
  .tuple(
    fc.uniqueArray(fc.tuple(port, scheduler), { selector: ([key]) => key, minLength: 1 }),
    fc.array(fc.tuple(server, weight), { maxLength: 6 }),
  )
  .map(
    ([services, servers]) =>
      new Map<string, string | number>([
        ...services,
        ...servers.filter(([key]) => services.some(([service]) => key.startsWith(service))),
      ]),
  );

const line: fc.Arbitrary<Line> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add' as const, 'edit' as const), entry: port, value: scheduler }),
  fc.record({ kind: fc.constantFrom('add' as const, 'edit' as const), entry: server, value: weight }),
  fc.record({ kind: fc.constant('delete' as const), entry: fc.oneof(port, server) }),
  // Entries that no other program knows.
  fc.record({ kind: fc.constant('add' as const), entry: port.map((own) => `${own}/99`), value: weight }),
);

const word: fc.Arbitrary<Program> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('apply' as const), table }) },
  fc.record({ kind: fc.constant('restore' as const), table }),
  fc.record({ kind: fc.constant('set' as const), server, weight }),
  fc.record({ kind: fc.constant('drain' as const), server, weight: fc.constant(0) }),
);
const genuine: fc.Arbitrary<Program> = fc.record({
  kind: fc.constant('genuine' as const),
  lines: fc.array(line, { minLength: 1, maxLength: 5 }),
});

export const pair: fc.Arbitrary<Pair> = fc.record({
  start: table,
  programs: fc.tuple(word, fc.oneof(word, genuine)),
  delay: fc.integer({ min: 0, max: 12 }).map((steps) => steps / 20),
});

/** The rules of a table, as -S prints them. */
export function rulesOf(wanted: Table): string {
  return [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([entry, value]) => `${rule('add', entry, value)}\n`)
    .join('');
}

/** The table of rules, without the firewall mark of `bulk`. */
export function tableOf(rules: string): Table {
  const found = new Map<string, string | number>();
  for (const [, own, name, last, value] of rules.matchAll(
    /^-[Aa] -t 192\.0\.2\.1:(\d+)(?: -s (\w+)| -r 10\.0\.0\.(\d+):\d+ -g -w (\d+))$/gm,
  )) {
    if (name !== undefined) found.set(own!, name);
    else found.set(`${own}/${last}`, Number(value));
  }
  return found;
}

export function rule(kind: Line['kind'], entry: string, value?: string | number): string {
  const [own, last] = entry.split('/');
  const letters = { add: 'Aa', edit: 'Ee', delete: 'Dd' }[kind];
  const service = `-t 192.0.2.1:${own}`;
  if (last === undefined) {
    return `-${letters[0]} ${service}${kind === 'delete' ? '' : ` -s ${value}`}`;
  }
  return `-${letters[1]} ${service} -r 10.0.0.${last}:${own}${kind === 'delete' ? '' : ` -g -w ${value}`}`;
}

/** What a program makes of a table when it is alone. */
export function carryOut(program: Program, before: Table): Table {
  switch (program.kind) {
    case 'apply':
      return program.table;
    case 'restore':
      return [...program.table].reduce<Table>(
        (now, [entry, value]) => change({ kind: 'add', entry, value }, now),
        before,
      );
    case 'set':
    case 'drain':
      return change({ kind: 'edit', entry: program.server, value: program.weight }, before);
    case 'genuine':
      return program.lines.reduce((now, own) => change(own, now), before);
  }
}

function change(own: Line, before: Table): Table {
  const { entry } = own;
  const service = entry.split('/')[0]!;
  const possible = own.kind === 'add' ? !before.has(entry) : before.has(entry);
  if (!possible || (entry !== service && !before.has(service))) return before;
  const after = new Map(before);
  if (own.kind !== 'delete') after.set(entry, own.value);
  else for (const key of before.keys()) if (key === entry || key.startsWith(`${entry}/`)) after.delete(key);
  return after;
}

/** Complaints about the table that two programs left behind. */
export function complaints({ start, programs }: Pair, now: Table): string[] {
  const [first, second] = programs;
  const ends = [carryOut(second, carryOut(first, start)), carryOut(first, carryOut(second, start))];
  if (second.kind !== 'genuine') {
    // One after the other, as both take the lock.
    return ends.some((end) => text(end) === text(now)) ? [] : [`neither ${ends.map(text).join(' nor ')}`];
  }
  // Each line of the genuine program comes before or after what the other does to the same entry.
  const entries = new Set([...start.keys(), ...now.keys(), ...ends.flatMap((end) => [...end.keys()])]);
  return [...entries].flatMap((entry) => {
    const values = ends.map((end) => end.get(entry));
    return values.includes(now.get(entry))
      ? []
      : [`${entry} is ${now.get(entry)}, not ${values.join(' or ')}`];
  });
}

export function text(shown: Table): string {
  return JSON.stringify([...shown].sort(([a], [b]) => (a < b ? -1 : 1)));
}
