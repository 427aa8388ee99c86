/**
 * The lines of many real servers as data: src/format/line-steps.ts. Written by `writeLines` of
 * src/format/write-lines.ts, or by an engine that is faster.
 */
export interface LineProgram {
  /** The operations, `STEP` words each, and tables that they refer to. */
  readonly steps: Int32Array;
  /** The number of words of `steps` that are operations; the tables follow. */
  readonly end: number;
  /** The texts that the operations write parts of. */
  readonly texts: Uint8Array;
  /** No line is longer, in bytes. */
  readonly longest: number;
}

/**
 * How rows are ordered: as the kernel sends them, as in ipvsadm's listings, as in state documents.
 */
export type RowOrder = 'kernel' | 'listing' | 'document';

/**
 * Writes the lines of rows until one is unusual or there is no room for the longest line.
 * @param rows as src/ipvs/server-columns.ts says.
 * @param order the numbers of the rows, in the order in which they are written.
 * @param cursor the index in `order` of the first row, and where its line begins in `bytes`: set to
 * those of the row that comes next.
 */
export type WriteLines = (
  program: LineProgram,
  rows: Int32Array,
  order: Uint32Array,
  bytes: Uint8Array,
  cursor: Uint32Array,
) => void;

/** Replies to a dump that have the same layout: src/ipvs/server-layout.ts. */
export interface ReplyLayout {
  readonly length: number;
  readonly steps: Int32Array;
  readonly headers: Int32Array;
  readonly address: number;
}

/**
 * What takes the most time when large tables are listed. Node compiles the core's own functions
 * (src/ipvs/copy-replies.ts, src/ipvs/order-rows.ts, src/format/write-lines.ts); the native program,
 * which interprets, has them in C. Tests hold both equal to the plain versions.
 */
export interface BulkRows {
  /**
   * Copies the replies of a datagram from byte `at` on to rows from number `row` on, while they have
   * the sequence number and the layout and there is room, and returns how many.
   */
  copy(
    datagram: Uint8Array,
    at: number,
    sequence: number,
    layout: ReplyLayout,
    rows: Int32Array,
    row: number,
  ): number;
  /** Sorts the numbers of rows. */
  order(rows: Int32Array, numbers: Uint32Array, by: Exclude<RowOrder, 'kernel'>): void;
  readonly write: WriteLines;
}
