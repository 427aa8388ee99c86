/** The tables of `list --pretty`. A separate bundle, loaded on demand. */
import { Chalk } from 'chalk';
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import { visibleUnicodeWord } from '../bytes/visible';
import type { ListFormat } from '../command-line/request';
import { AF_INET, AF_INET6, formatIpv4, ipv4FromWord } from '../model/address';
import { serviceFlagNames } from '../model/flag-names';
import type { ListedServer } from '../model/real-server';
import { shares } from '../model/share';
import { noStatistics } from '../model/statistics';
import { hostNetmask, type ListedService, serviceFlags } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { displayWidth, drawBox, PADDING } from './box';
import { formatEndpoint, formatProtocol } from './endpoint';
import { type PrettyColumn, type PrettyRow, prettyColumns, stateOf } from './pretty-columns';

export interface PrettyOptions {
  readonly format: ListFormat;
  /** Show counters with all digits. */
  readonly exact: boolean;
  /** Undefined for numbers. */
  readonly names: NameSource | undefined;
  /** The width of the terminal in columns; undefined: unlimited. */
  readonly width: number | undefined;
  readonly colour: boolean;
}

/** The heading of a service, and the table of its real servers. @throws NameNeeded. */
export function formatPrettyService(
  service: ListedService,
  servers: readonly ListedServer[],
  options: PrettyOptions,
): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const [name = '', ...properties] = describe(service, options);
  const heading = [chalk.bold(name), ...properties].join('  ');
  const table =
    servers.length === 0 ? chalk.dim('  no real servers') : formatTable(service, servers, options, chalk);
  return bytesFromUnicode(`${heading}\n${table}\n`);
}

/** The name of a service, followed by its properties. */
function describe(service: ListedService, { names }: PrettyOptions): string[] {
  const { key, scheduler, flags, timeout, netmask, persistenceEngine } = service;
  const name =
    key.kind === 'fwmark'
      ? `FWM ${key.fwmark}${key.family === AF_INET6 ? ' (IPv6)' : ''}`
      : `${formatProtocol(key.protocol)} ${formatEndpoint(key, key.protocol, names)}`;
  const texts = [name, `scheduler ${scheduler}`, ...serviceFlagNames(flags, scheduler)];
  if (flags & serviceFlags.persistent) {
    texts.push(`persistent ${timeout} s`);
    if (netmask !== hostNetmask(key.family)) {
      texts.push(
        key.family === AF_INET ? `netmask ${formatIpv4(ipv4FromWord(netmask))}` : `netmask /${netmask}`,
      );
    }
  }
  if (persistenceEngine !== '') texts.push(`engine ${persistenceEngine}`);
  return texts.map((text) => visibleUnicodeWord(unicodeFromBytes(text)));
}

/**
 * The table of the columns that fit the terminal, and a line with the titles of those that do not.
 */
function formatTable(
  service: ListedService,
  servers: readonly ListedServer[],
  { format, exact, names, width }: PrettyOptions,
  chalk: InstanceType<typeof Chalk>,
): string {
  const expected = shares(service.scheduler, servers);
  const protocol = service.key.kind === 'address' ? service.key.protocol : 0;
  const rows = servers.map(
    (server, index): PrettyRow => ({
      endpoint: visibleUnicodeWord(unicodeFromBytes(formatEndpoint(server, protocol, names))),
      server,
      share: expected[index]!,
    }),
  );
  const total = (column: PrettyColumn) => column.total?.(service.statistics ?? noStatistics, exact) ?? '';
  const wanted = prettyColumns.filter((column) => column.wanted?.(rows, format) ?? true);
  const widths = new Map<PrettyColumn, number>();
  for (const column of wanted) {
    let widest = Math.max(displayWidth(column.title), displayWidth(total(column)));
    for (const row of rows) widest = Math.max(widest, displayWidth(column.cell(row, exact)));
    widths.set(column, widest);
  }
  const columns = fitting(wanted, (column) => widths.get(column)!, width);
  const drawn = rows.map((row) => ({
    cells: columns.map((column) => column.cell(row, exact)),
    paint: colours[stateOf(row.server)](chalk),
  }));
  if (columns.some((column) => column.total)) {
    drawn.push({ cells: ['all', ...columns.slice(1).map(total)], paint: colours['']() });
  }
  const table = drawBox(
    columns.map((column) => ({ ...column, width: widths.get(column)! })),
    drawn,
  );
  const omitted = wanted.filter((column) => !columns.includes(column)).map(({ title }) => title);
  const note = omitted.length > 0 ? `\n${chalk.dim(`too narrow for: ${omitted.join(', ')}`)}` : '';
  return table + note;
}

const colours = {
  '': () => (text: string) => text,
  draining: (chalk: InstanceType<typeof Chalk>) => chalk.dim,
  overloaded: (chalk: InstanceType<typeof Chalk>) => chalk.yellow,
} as const;

/** The width of a column's padding and border, and of the border of the table. */
const COLUMN_FRAME = PADDING + 1;
const TABLE_FRAME = 1;

/** Omits the least important columns until the others fit. Keeps columns without an importance. */
function fitting(
  columns: readonly PrettyColumn[],
  longest: (column: PrettyColumn) => number,
  width = Number.POSITIVE_INFINITY,
): PrettyColumn[] {
  const widths = new Map(columns.map((column) => [column, COLUMN_FRAME + longest(column)]));
  let total = [...widths.values()].reduce((sum, each) => sum + each, TABLE_FRAME);
  const omitted = new Set<PrettyColumn>();
  // The last of equally important ones first: byte counters before connections.
  const candidates = columns.filter(({ importance }) => importance !== undefined).reverse();
  for (const column of candidates.sort((a, b) => a.importance! - b.importance!)) {
    if (total <= width) break;
    omitted.add(column);
    total -= widths.get(column)!;
  }
  return columns.filter((column) => !omitted.has(column));
}
