/** The figures that are stored in docs/, of one run or of several. */
import type { Row } from './report';

/** A row and where it was measured; absent: where the latest run was. */
export interface StoredRow extends Row {
  readonly where?: string;
}

export interface Stored {
  /** Of the latest run. */
  readonly where: string;
  readonly rows: readonly StoredRow[];
}

/**
 * Returns the rows of a run, and those of former runs that it did not measure.
 * @param names of all rows that there may be, in their order.
 */
export function merged(former: Stored | undefined, now: Stored, names: readonly string[]): Stored {
  const rows = new Map<string, StoredRow>();
  for (const { where = former!.where, ...row } of former?.rows ?? []) {
    rows.set(row.work, where === now.where ? row : { ...row, where });
  }
  for (const row of now.rows) rows.set(row.work, row);
  return { where: now.where, rows: names.flatMap((name) => rows.get(name) ?? []) };
}

/**
 * Returns the text of a section: where its rows were measured, and their table. Rows of other runs
 * than the latest are marked.
 * @param line returns the line of a row with its newline; '' for a row that is not in the table.
 */
export function sectionOf({ where, rows }: Stored, head: string, line: (row: Row) => string): string {
  const shown = rows.filter((row) => line(row) !== '');
  const others = [...new Set(shown.flatMap((row) => row.where ?? []))];
  const markOf = (other: string) => `(${others.indexOf(other) + 1})`;
  const marks = others.map((other) => `\n\nRows marked ${markOf(other)} are of another run:\n${other}`);
  const lines = shown.map((row) =>
    line(row.where ? { ...row, work: `${row.work} ${markOf(row.where)}` } : row),
  );
  return `${where}; medians${marks.join('')}\n\n${head}\n${lines.join('').trimEnd()}`;
}
