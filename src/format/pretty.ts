/** `list --pretty`: the table for people. The one module that knows cli-table3, loaded where it is asked for. */
import { Chalk } from 'chalk';
import Table from 'cli-table3';
import { bytesFromUnicode, unicodeFromBytes } from '../bytes/unicode';
import type { ListFormat } from '../command-line/request';
import { AF_INET, AF_INET6, formatIpv4, ipv4FromWord } from '../model/address';
import { serviceFlagNames } from '../model/flag-names';
import type { ListedServer } from '../model/real-server';
import { shares } from '../model/share';
import { noStatistics } from '../model/statistics';
import { hostNetmask, type ListedService, serviceFlags } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { formatEndpoint, formatProtocol } from './endpoint';
import { type PrettyColumn, type PrettyRow, prettyColumns, stateOf } from './pretty-columns';

export interface PrettyOptions {
  readonly format: ListFormat;
  /** Counters in full. */
  readonly exact: boolean;
  /** Undefined asks for numbers. */
  readonly names: NameSource | undefined;
  /** Columns of the terminal; undefined: as many as it takes. */
  readonly width: number | undefined;
  readonly colour: boolean;
}

const INDENT = '  ';
const GAP = '  ';

/** One block: the service, and its real servers as a table. May throw NameNeeded. */
export function formatPrettyService(
  service: ListedService,
  servers: readonly ListedServer[],
  options: PrettyOptions,
): string {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 });
  const [name, ...facts] = factsOf(service, options);
  const heading = wrapped([name!, ...facts], options.width);
  const lines = [heading.replace(name!, () => chalk.bold(name!))];
  if (servers.length === 0) lines.push(chalk.dim(`${INDENT}no real servers`));
  else lines.push(...table(service, servers, options, chalk));
  return bytesFromUnicode(`${lines.join('\n')}\n`);
}

/** What a service is, its name first. */
function factsOf(service: ListedService, { names }: PrettyOptions): string[] {
  const { key, scheduler, flags, timeout, netmask, persistenceEngine } = service;
  const name =
    key.kind === 'fwmark'
      ? `FWM ${key.fwmark}${key.family === AF_INET6 ? ' (IPv6)' : ''}`
      : `${formatProtocol(key.protocol)} ${formatEndpoint(key, key.protocol, names)}`;
  const facts = [name, `scheduler ${scheduler}`, ...serviceFlagNames(flags, scheduler)];
  if (flags & serviceFlags.persistent) {
    facts.push(`persistent ${timeout} s`);
    if (netmask !== hostNetmask(key.family)) {
      facts.push(
        key.family === AF_INET ? `netmask ${formatIpv4(ipv4FromWord(netmask))}` : `netmask /${netmask}`,
      );
    }
  }
  if (persistenceEngine !== '') facts.push(`engine ${persistenceEngine}`);
  return facts.map(unicodeFromBytes);
}

/** Parts in lines of at most `width` columns; none is broken. */
function wrapped(parts: readonly string[], width = Number.POSITIVE_INFINITY): string {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(part);
    else if (last.length + GAP.length + part.length <= width) lines[lines.length - 1] = last + GAP + part;
    else lines.push(INDENT + INDENT + part);
  }
  return lines.join('\n');
}

function table(
  service: ListedService,
  servers: readonly ListedServer[],
  options: PrettyOptions,
  chalk: InstanceType<typeof Chalk>,
): string[] {
  const { format, exact, names, width } = options;
  const parts = shares(service.scheduler, servers);
  const protocol = service.key.kind === 'address' ? service.key.protocol : 0;
  const rows = servers.map(
    (server, index): PrettyRow => ({
      endpoint: unicodeFromBytes(formatEndpoint(server, protocol, names)),
      server,
      share: parts[index]!,
    }),
  );
  const wanted = prettyColumns.filter((column) => column.wanted?.(rows, format) ?? true);
  const cells = (column: PrettyColumn) => [
    column.title,
    ...rows.map((row) => column.cell(row, exact)),
    ...(column.total ? [column.total(service.statistics ?? noStatistics, exact)] : []),
  ];
  const columns = fitting(wanted, cells, width);
  const paint = (row: PrettyRow, text: string) => painters[stateOf(row.server)](chalk)(text);
  const lines = [
    columns.map(({ title }) => chalk.underline(title)),
    ...rows.map((row) => columns.map((column) => paint(row, column.cell(row, exact)))),
  ];
  if (columns.some(({ total }) => total)) {
    const last = columns.map(({ total }) => total?.(service.statistics ?? noStatistics, exact) ?? '');
    lines.push(['all', ...last.slice(1)]);
  }
  const missing = wanted.filter((column) => !columns.includes(column)).map(({ title }) => title || 'state');
  const note =
    missing.length > 0 ? [chalk.dim(wrapped([`${INDENT}too narrow for:`, ...missing], width))] : [];
  return [...render(lines, columns), ...note];
}

const painters = {
  '': () => (text: string) => text,
  draining: (chalk: InstanceType<typeof Chalk>) => chalk.dim,
  overloaded: (chalk: InstanceType<typeof Chalk>) => chalk.yellow,
} as const;

/** The columns that find room, the most important ones; those that never give way always. */
function fitting(
  columns: readonly PrettyColumn[],
  cells: (column: PrettyColumn) => readonly string[],
  width = Number.POSITIVE_INFINITY,
): PrettyColumn[] {
  const widths = new Map(
    columns.map((column) => [column, GAP.length + Math.max(...cells(column).map(({ length }) => length))]),
  );
  const left = [...columns];
  const total = () => left.reduce((sum, column) => sum + widths.get(column)!, 0);
  while (total() > width) {
    const droppable = left.filter(({ importance }) => importance !== undefined);
    // Of equally important ones the last: byte counters before connections.
    const next = droppable.reduce<PrettyColumn | undefined>(
      (least, column) => (least && least.importance! < column.importance! ? least : column),
      undefined,
    );
    if (!next) break;
    left.splice(left.indexOf(next), 1);
  }
  return left;
}

/** Lines without borders, which every terminal and encoding can show. */
function render(lines: string[][], columns: readonly PrettyColumn[]): string[] {
  const none = [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
  ];
  const noRules = ['left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  const chars = Object.fromEntries([...none, ...noRules].map((name) => [name, '']));
  const cells = new Table({
    chars: { ...chars, left: INDENT, middle: GAP },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ align }) => align),
  });
  cells.push(...lines);
  return cells
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}
