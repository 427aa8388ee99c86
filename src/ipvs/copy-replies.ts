/** Implements `BulkRows.copy`; src/engines/quickjs/rows.c does so in the native program. */
import { AF_INET, AF_INET6 } from '../model/address';
import { swapped16, swapped32 } from '../netlink/byte-order';
import { GENL_PAYLOAD, NLM_F_DUMP_INTR } from '../netlink/message';
import type { BulkRows, ReplyLayout } from '../platform/bulk-rows';
import { column, ROW_WORDS } from './server-columns';
import { COPY_U16BE, COPY_U32, COPY_U64, STEP } from './server-layout';

/** NLMSG_MIN_TYPE: types below are those of netlink itself. */
const MIN_TYPE = 0x10;

export const copyReplies: BulkRows['copy'] = (datagram, at, sequence, layout, rows, row) => {
  const size = GENL_PAYLOAD + layout.length;
  const start = datagram.byteOffset + at;
  if ((start & 3) !== 0 || (layout.length & 3) !== 0) return 0;
  const left = datagram.length - at;
  const most = Math.min(Math.floor(left / size), Math.floor(rows.length / ROW_WORDS) - row);
  const words = new Int32Array(datagram.buffer, start, left >> 2);
  for (let done = 0; done < most; done++) {
    const message = (done * size) >> 2;
    const typeAndFlags = words[message + 1]!;
    const usual =
      words[message] === size &&
      words[message + 2] === (sequence | 0) &&
      (typeAndFlags & 0xffff) >= MIN_TYPE &&
      ((typeAndFlags >>> 16) & NLM_F_DUMP_INTR) === 0;
    if (!usual || !copyReply(words, message + (GENL_PAYLOAD >> 2), layout, rows, (row + done) * ROW_WORDS)) {
      return done;
    }
  }
  return most;
};

/** Copies the attributes at word `from` to a row; returns false if they have another layout. */
function copyReply(
  words: Int32Array,
  from: number,
  { headers, steps, address }: ReplyLayout,
  rows: Int32Array,
  row: number,
): boolean {
  for (let index = 0; index < headers.length; index += 2) {
    if (words[from + headers[index]!] !== headers[index + 1]) return false;
  }
  for (let index = 0; index < steps.length; index += STEP) {
    const header = from + steps[index]!;
    if (words[header] !== steps[index + 1]) return false;
    const value = words[header + 1]!;
    const target = row + steps[index + 2]!;
    const copy = steps[index + 3]!;
    if (copy === COPY_U32) rows[target] = value;
    else if (copy === COPY_U64) {
      rows[target] = value;
      rows[target + 1] = words[header + 2]!;
    } else rows[target] = copy === COPY_U16BE ? swapped16(value) : value & copy;
  }
  if (rows[row + column.family] === 0) return false; // rare: the service's family
  rows[row + column.incomplete] = 0;
  rows[row] = swapped32(words[from + address]!);
  if (rows[row + column.family] === AF_INET) {
    rows[row + 1] = rows[row + 2] = rows[row + 3] = 0;
    return true;
  }
  rows[row + column.family] = AF_INET6; // as convert.ts
  for (let index = 1; index < 4; index++) rows[row + index] = swapped32(words[from + address + index]!);
  return true;
}
