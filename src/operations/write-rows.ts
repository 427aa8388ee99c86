import { appendText, reserve } from '../bytes/byte-buffer';
import { writeLines } from '../format/write-lines';
import type { RowServer, ServerRows } from '../ipvs/server-rows';
import type { LineProgram } from '../platform/bulk-rows';
import type { Session } from './session';

/** The line of a real server, in two ways with the same result. */
export interface RowLines {
  /** For many at once; leaves unusual ones to `plain`. Absent if there is no such way. */
  readonly fast?: LineProgram | undefined;
  readonly plain: (server: RowServer) => string;
}

/** Writes the lines of the rows with the numbers of `order`. */
export function writeRows(
  rows: ServerRows,
  order: Uint32Array,
  { fast, plain }: RowLines,
  { output, system }: Pick<Session, 'output' | 'system'>,
): void {
  const { buffer } = output;
  const write = system.bulkRows?.write ?? writeLines;
  const cursor = new Uint32Array(2);
  for (let next = 0; next < order.length; ) {
    if (fast) {
      reserve(buffer, fast.longest);
      cursor[0] = next;
      cursor[1] = buffer.length;
      write(fast, rows.words, order, buffer.bytes, cursor);
      next = cursor[0]!;
      buffer.length = cursor[1]!;
    }
    const full = fast && buffer.length + fast.longest > buffer.bytes.length;
    if (full) output.flush();
    else if (next < order.length) {
      appendText(buffer, plain(rows.server(order[next]!)));
      output.flushFull();
      next += 1;
    }
  }
  output.flushFull();
}
