/**
 * Writes the lines of many real servers from their description (line-steps.ts) directly into a
 * buffer: the interpreter on Node. The native program has src/engines/quickjs/lines.c.
 */
import { bytesAt, decimalAt, ipv4At, spacesTo, textAt } from '../bytes/byte-buffer';
import { column, ROW_WORDS } from '../ipvs/server-columns';
import { AF_INET, formatIpv6, ipv4FromWord } from '../model/address';
import type { LineProgram, WriteLines } from '../platform/bulk-rows';
import { formatCounter, formatExactCounter } from './counter';
import {
  ADDRESS,
  CHOICE,
  COUNTER,
  ENDPOINT,
  EXACT,
  JSON_VALUE,
  MARK,
  NUMBER,
  PAD,
  REQUIRE,
  SCALED,
  STEP,
  TEXT,
  UNLESS,
} from './line-operations';

const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** From this value on, counters have units, or need more than their column. */
const LARGE = 100_000_000;

/** Implements `BulkRows.write`. */
export const writeLines: WriteLines = (program, rows, order, bytes, cursor) => {
  const last = bytes.length - program.longest;
  let next = cursor[0]!;
  let at = cursor[1]!;
  while (next < order.length && at <= last) {
    const end = lineAt(bytes, at, rows, order[next]! * ROW_WORDS, program);
    if (end < 0) break;
    at = end;
    next += 1;
  }
  cursor[0] = next;
  cursor[1] = at;
};

/** Writes a line and returns where it ends; -1 if the row is unusual. */
function lineAt(
  bytes: Uint8Array,
  start: number,
  rows: Int32Array,
  row: number,
  program: LineProgram,
): number {
  const { steps, end, texts } = program;
  let at = start;
  let mark = start;
  for (let step = 0; step < end; step += STEP) {
    switch (steps[step]) {
      case TEXT:
        at = partAt(bytes, at, texts, steps[step + 1]!, steps[step + 2]!);
        break;
      case ENDPOINT:
        at = endpointAt(bytes, at, rows, row, steps[step + 1]!);
        break;
      case ADDRESS:
        at = addressAt(bytes, at, rows, row);
        break;
      case NUMBER: {
        const value = rows[row + steps[step + 1]!]!;
        const to = at + steps[step + 2]!;
        at = spacesTo(bytes, decimalAt(bytes, at, steps[step + 3] === 1 ? value : value >>> 0), to);
        break;
      }
      case COUNTER:
        at = counterAt(bytes, at, rows, row + steps[step + 1]!, steps[step + 2]!, steps[step + 3]!);
        break;
      case CHOICE: {
        const value = (rows[row + steps[step + 1]!]! & steps[step + 2]!) >>> 0;
        const place = steps[step + 3]! + 2 * Math.min(value, steps[step + 4]!);
        at = partAt(bytes, at, texts, steps[place]!, steps[place + 1]!);
        break;
      }
      case MARK:
        mark = at;
        break;
      case PAD:
        at = spacesTo(bytes, at, mark + steps[step + 1]!);
        break;
      case UNLESS:
        if ((rows[row + steps[step + 1]!]! & steps[step + 2]!) !== steps[step + 3])
          step += STEP * steps[step + 4]!;
        break;
      case REQUIRE:
        if ((rows[row + steps[step + 1]!]! & steps[step + 2]!) !== steps[step + 3]) return -1;
        break;
    }
  }
  return at;
}

/** Up to this number of bytes a loop is faster than `set`. */
const FEW = 32;

/** Writes a part of the texts. */
function partAt(bytes: Uint8Array, at: number, texts: Uint8Array, from: number, length: number): number {
  if (length > FEW) return bytesAt(bytes, at, texts.subarray(from, from + length));
  for (let index = 0; index < length; index++) bytes[at + index] = texts[from + index]!;
  return at + length;
}

function endpointAt(bytes: Uint8Array, start: number, rows: Int32Array, row: number, width: number): number {
  let at = start;
  if (rows[row + column.family] === AF_INET) at = ipv4At(bytes, at, rows[row + column.address]!);
  else {
    bytes[at] = OPEN;
    at = addressAt(bytes, at + 1, rows, row);
    bytes[at] = CLOSE;
    at += 1;
  }
  bytes[at] = COLON;
  return spacesTo(bytes, decimalAt(bytes, at + 1, rows[row + column.port]!), start + width);
}

function addressAt(bytes: Uint8Array, at: number, rows: Int32Array, row: number): number {
  if (rows[row + column.family] === AF_INET) return ipv4At(bytes, at, rows[row + column.address]!);
  const address = new Uint8Array(16);
  for (let index = 0; index < 4; index++) address.set(ipv4FromWord(rows[row + index]!), 4 * index);
  return textAt(bytes, at, formatIpv6(address));
}

function counterAt(
  bytes: Uint8Array,
  at: number,
  rows: Int32Array,
  place: number,
  width: number,
  style: number,
): number {
  const low = rows[place]! >>> 0;
  const high = rows[place + 1]! >>> 0;
  if (high === 0 && low < LARGE) {
    if (width === 0) return decimalAt(bytes, at, low);
    let digits = 1;
    for (let limit = 10; low >= limit; limit *= 10) digits += 1;
    return decimalAt(bytes, spacesTo(bytes, at, at + width - digits), low);
  }
  return textAt(bytes, at, largeCounter((BigInt(high) << 32n) | BigInt(low), width, style));
}

function largeCounter(value: bigint, width: number, style: number): string {
  if (style === SCALED) return formatCounter(value);
  if (style === EXACT) return formatExactCounter(value);
  // As counterValue of src/state/document/kinds.ts.
  if (style === JSON_VALUE && value > Number.MAX_SAFE_INTEGER) return `"${value}"`;
  return String(value).padStart(width);
}
