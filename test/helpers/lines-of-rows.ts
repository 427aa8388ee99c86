/** Rows of replies, and their lines, for tests. */
import { toText } from '../../src/bytes/byte-text';
import type { OptionalColumn } from '../../src/ipvs/server-columns';
import { type RowServer, ServerRows } from '../../src/ipvs/server-rows';
import { AF_INET } from '../../src/model/address';
import { eachMessage, GENL_HEADER, type MessageVisitor } from '../../src/netlink/message';
import { writeRows } from '../../src/operations/write-rows';
import type { LineProgram } from '../../src/platform/bulk-rows';
import { Output } from '../../src/platform/output';
import type { System } from '../../src/platform/system';
import { answersOf, type DestinationRecord } from './arbitrary-rows';

const SEQUENCE = 0xfffffff7;

/** The rows of a dump. */
export function rowsOf(
  records: readonly DestinationRecord[],
  columns: readonly OptionalColumn[],
  complete = false,
): ServerRows {
  const rows = new ServerRows({ columns, complete });
  for (const datagram of answersOf(records, SEQUENCE)) {
    const visit: MessageVisitor = (_type, _flags, _sequence, from, to) =>
      rows.add(datagram, from + GENL_HEADER, to, AF_INET);
    eachMessage(datagram, visit, (at) => rows.addMany(datagram, at, SEQUENCE));
    datagram.fill(0xee); // the receive buffer is reused
  }
  return rows;
}

/** Returns the lines of rows, and for how many of them the plain version was asked. */
export function linesOfRows(
  rows: ServerRows,
  fast: LineProgram | undefined,
  plain: (server: RowServer) => string,
): { text: string; plainLines: number } {
  let text = '';
  let plainLines = 0;
  const system = {
    write(_stream, bytes) {
      text += toText(bytes);
    },
  } as System;
  const output = new Output(system);
  const counted = (server: RowServer) => {
    plainLines += 1;
    return plain(server);
  };
  writeRows(rows, rows.order('kernel'), { fast, plain: counted }, { output, system });
  output.flush();
  return { text, plainLines };
}
