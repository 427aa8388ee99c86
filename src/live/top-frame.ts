/** What `top` shows as lines of text: pure, of a size that is given. */
import { counted } from '../bytes/counted';
import { type TopGroup, type TopRow, topOrders } from './top-rows';
import { bindings, type TopView } from './top-view';

/** What is on the screen beside the rows. */
export interface TopFacts {
  readonly time: string;
  readonly seconds: number;
  /** The daemon's last events, newest last; undefined: no daemon. */
  readonly events: readonly string[] | undefined;
  /** What could not be read. */
  readonly problem?: string | undefined;
}

/** A line, and what it is, for its colour. */
export interface FrameLine {
  readonly text: string;
  readonly kind: 'title' | 'head' | 'service' | 'server' | 'out' | 'warning' | 'event' | 'hint';
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (row: TopRow) => string;
  /** A narrow screen leaves those with the smallest out first. */
  readonly importance: number;
}

const SUFFIXES = ['', 'k', 'M', 'G', 'T', 'P'];

/** In at most six characters: 999999, 1000k, 12.3M. */
export function scaled(value: bigint | number): string {
  let left = Number(value);
  let unit = 0;
  while (left >= (unit === 0 ? 1e6 : 1e4) && unit < SUFFIXES.length - 1) {
    left /= 1000;
    unit += 1;
  }
  if (unit === 0) return String(left);
  return `${left < 100 ? left.toFixed(1) : Math.round(left)}${SUFFIXES[unit]}`;
}

const percent = (part: number | undefined) => (part === undefined ? '' : `${Math.round(part * 100)} %`);

const columns: readonly Column[] = [
  { title: 'STATE', width: 12, importance: 10, cell: ({ state }) => state },
  { title: 'WEIGHT', width: 6, importance: 7, cell: ({ weight }) => String(weight ?? '') },
  { title: 'SHARE', width: 6, importance: 8, cell: ({ share }) => percent(share) },
  { title: 'MEANT', width: 6, importance: 8, cell: ({ meant }) => percent(meant) },
  { title: 'ACTIVE', width: 6, importance: 9, cell: ({ active }) => scaled(active) },
  { title: 'INACT', width: 6, importance: 6, cell: ({ inactive }) => scaled(inactive) },
  { title: 'CONN/S', width: 6, importance: 9, cell: ({ rates }) => scaled(rates.connectionRate) },
  { title: 'INPK/S', width: 6, importance: 3, cell: ({ rates }) => scaled(rates.inPacketRate) },
  { title: 'OUTP/S', width: 6, importance: 2, cell: ({ rates }) => scaled(rates.outPacketRate) },
  { title: 'IN B/S', width: 6, importance: 5, cell: ({ rates }) => scaled(rates.inByteRate) },
  { title: 'OUTB/S', width: 6, importance: 4, cell: ({ rates }) => scaled(rates.outByteRate) },
];

/** Of the column with the names: more only if there is room. */
const LEAST_NAME = 24;
const MOST_EVENTS = 3;
/** The title and the head, above the rows; the hint, below. */
const AROUND = 3;

export interface FrameSize {
  readonly columns: number;
  /** undefined: as many as there are. */
  readonly rows: number | undefined;
}

/** How many rows the screen has room for. */
export function pageOf({ rows }: FrameSize, { events = [], problem }: TopFacts): number {
  if (rows === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(1, rows - AROUND - Math.min(MOST_EVENTS, events.length) - (problem === undefined ? 0 : 1));
}

export function topFrame(
  groups: readonly TopGroup[],
  view: TopView,
  facts: TopFacts,
  size: FrameSize,
): FrameLine[] {
  const below: FrameLine[] = (facts.events ?? [])
    .slice(-MOST_EVENTS)
    .map((text) => ({ text, kind: 'event' }));
  if (facts.problem !== undefined) below.push({ text: facts.problem, kind: 'warning' });
  if (size.rows !== undefined) below.push({ text: hintOf(view), kind: 'hint' });
  const page = pageOf(size, facts);
  const all = view.help ? helpLines() : rowLines(groups, size);
  const shown = all.slice(view.help ? 0 : view.offset, (view.help ? 0 : view.offset) + page);
  const blank: FrameLine[] = size.rows === undefined ? [] : blankLines(page - shown.length);
  const lines: FrameLine[] = [
    { text: titleOf(groups, view, facts), kind: 'title' },
    { text: view.help ? 'KEY       WHAT IT DOES' : headOf(size), kind: 'head' },
    ...[...shown, ...blank, ...below],
  ];
  return lines.map(({ text, kind }) => ({ text: [...text].slice(0, size.columns).join(''), kind }));
}

function blankLines(count: number): FrameLine[] {
  return Array.from({ length: Math.max(0, count) }, () => ({ text: '', kind: 'server' }));
}

function titleOf(groups: readonly TopGroup[], { order, filter, paused }: TopView, facts: TopFacts): string {
  const total = (value: (row: TopRow) => number) =>
    groups.reduce((sum, { service }) => sum + value(service), 0);
  const servers = groups.reduce((sum, group) => sum + group.servers.length, 0);
  return [
    `ipvsadm top  ${facts.time}`,
    `${counted(groups.length, 'virtual service')}, ${counted(servers, 'real server')}`,
    `${total(topOrders.active.value)} active`,
    `${scaled(total(topOrders.rate.value))} conn/s`,
    paused ? 'paused' : `every ${facts.seconds} s`,
    ...(order ? [`by ${order}`] : []),
    ...(filter ? [`with '${filter}'`] : []),
  ].join('  ');
}

function hintOf({ typing, filter, help }: TopView): string {
  if (typing) return `filter: ${filter}_`;
  return help ? '? back   q quit' : 'q quit   / filter   r a i p t w x order   space pause   ? help';
}

function helpLines(): FrameLine[] {
  return bindings.map(({ shown, does }) => ({ text: `${shown.padEnd(9)} ${does}`, kind: 'server' }));
}

function fitting({ columns: width }: FrameSize): readonly Column[] {
  const chosen = new Set(columns);
  const needed = () => [...chosen].reduce((sum, column) => sum + column.width + 1, LEAST_NAME);
  for (const column of [...columns].sort((a, b) => a.importance - b.importance)) {
    if (needed() > width) chosen.delete(column);
  }
  return columns.filter((column) => chosen.has(column));
}

function nameWidth(size: FrameSize): number {
  const used = fitting(size).reduce((sum, { width }) => sum + width + 1, 0);
  return Math.max(1, Math.min(60, size.columns - used));
}

function headOf(size: FrameSize): string {
  const titles = fitting(size).map(({ title, width }) => ` ${aligned(title, width, title)}`);
  return 'SERVICE, SERVER'.padEnd(nameWidth(size)) + titles.join('');
}

function rowLines(groups: readonly TopGroup[], size: FrameSize): FrameLine[] {
  const chosen = fitting(size);
  const width = nameWidth(size);
  const line = (row: TopRow, indent: string) => {
    const name = shortened(indent + row.name, width).padEnd(width);
    return (
      name + chosen.map((column) => ` ${aligned(column.cell(row), column.width, column.title)}`).join('')
    );
  };
  return groups.flatMap(({ service, servers }) => [
    { text: line(service, ''), kind: 'service' as const },
    ...servers.map((row) => ({ text: line(row, '  '), kind: kindOf(row) })),
  ]);
}

function kindOf({ state }: TopRow): FrameLine['kind'] {
  if (state === 'overloaded' || state === 'down') return 'warning';
  return state === '' || state === 'up' ? 'server' : 'out';
}

function aligned(text: string, width: number, title: string): string {
  return title === 'STATE' ? shortened(text, width).padEnd(width) : text.padStart(width);
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}~`;
}
