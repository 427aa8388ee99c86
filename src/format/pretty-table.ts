/** Tables of real servers: the columns that fit the terminal, drawn with borders or without. */
import type { Chalk } from 'chalk';
import { serverState } from '../model/server-state';
import { displayWidth, drawBox, PADDING } from './box';
import type { Changes } from './changes';
import { type PrettyColumn, type PrettyRow, prettyColumns } from './pretty-columns';
import type { PrettyOptions } from './pretty-options';

type Paint = InstanceType<typeof Chalk>;

/**
 * The table of the columns that fit the terminal, and a line with the titles of those that do not.
 * @param total the cells of a last row, if the table has a column with totals.
 */
export function formatTable(
  rows: readonly PrettyRow[],
  { format, exact, width, changes }: PrettyOptions,
  chalk: Paint,
  total: (column: PrettyColumn) => string = () => '',
): string {
  const wanted = wantedColumns(rows, format);
  const widths = new Map<PrettyColumn, number>();
  for (const column of wanted) {
    let widest = Math.max(displayWidth(column.title), displayWidth(total(column)));
    for (const row of rows) widest = Math.max(widest, displayWidth(column.cell(row, exact)));
    widths.set(column, widest);
  }
  const columns = fitting(wanted, (column) => widths.get(column)!, width);
  const drawn = rows.map((row) => {
    const fresh = changedColumns(row, exact, changes);
    const colour = colours[serverState(row.server)](chalk);
    return {
      cells: columns.map((column) => column.cell(row, exact)),
      paint: (text: string, index: number) => colour(fresh.has(columns[index]!) ? inverse(text) : text),
    };
  });
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

/** The same columns without borders, for programs and files. */
export function formatPlainTable(
  rows: readonly PrettyRow[],
  { format, exact }: Pick<PrettyOptions, 'format' | 'exact'>,
): string {
  const columns = wantedColumns(rows, format);
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => column.cell(row, exact) || '-')),
  ];
  const widths = columns.map((_, at) =>
    lines.reduce((most, line) => Math.max(most, displayWidth(line[at]!)), 0),
  );
  const padded = (text: string, at: number) => {
    const blanks = ' '.repeat(widths[at]! - displayWidth(text));
    return columns[at]!.align === 'left' ? text + blanks : blanks + text;
  };
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}

function wantedColumns(rows: readonly PrettyRow[], format: PrettyOptions['format']): PrettyColumn[] {
  return prettyColumns.filter((column) => column.wanted?.(rows, format) ?? true);
}

/** Notes the cells of all columns: one that is not drawn now may be in the next listing. */
function changedColumns(
  row: PrettyRow,
  exact: boolean,
  changes: Changes | undefined,
): ReadonlySet<PrettyColumn> {
  const isNew = (column: PrettyColumn) =>
    changes?.isNew([row.service, row.endpoint, column.title].join('\0'), column.cell(row, exact));
  return new Set(prettyColumns.filter(isNew));
}

const colours = {
  '': () => (text: string) => text,
  draining: (chalk: Paint) => chalk.dim,
  down: (chalk: Paint) => chalk.dim,
  overloaded: (chalk: Paint) => chalk.yellow,
} as const;

/** Reverse video: no colour, so that NO_COLOR leaves it. */
export function inverse(text: string): string {
  return `\x1b[7m${text}\x1b[27m`;
}

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
