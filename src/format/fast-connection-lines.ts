/**
 * Fast path of `parseConnection` and `formatConnection` for many IPv4 connections: converts the
 * kernel's bytes directly into the output buffer. Falls back to the two on anything unusual; held
 * equal to them by test/format/fast-connection-lines.test.ts.
 *
 *     TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119
 *     TCP 01:59  TIME_WAIT   10.1.0.2:40003     10.1.0.100:80      10.2.0.3:8080
 */
import { decimalAt, ipv4At, reserve, spacesTo } from '../bytes/byte-buffer';
import { hexAt, isHex } from '../bytes/hex-columns';
import { type BulkLines, connectionCursor } from '../platform/bulk-lines';
import type { Output } from '../platform/output';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const A = 0x41;
const Z = 0x5a;
const UNDERSCORE = 0x5f;

/** No line that the fast path writes is longer. */
const MAX_LINE_LENGTH = 256;
const MAX_WORD_LENGTH = 32;
const MAX_DIGITS = 9;

type Sink = Pick<Output, 'buffer' | 'flushFull'>;

/**
 * Appends the lines of connections that have the usual form, from byte `from` on.
 * @returns where the first other line begins.
 */
export function appendUsualConnections(
  output: Sink,
  bytes: Uint8Array,
  from: number,
  take?: BulkLines['takeConnections'],
): number {
  let at = take ? takeConnections(output, bytes, from, take) : from;
  for (;;) {
    const next = appendConnection(output, bytes, at);
    if (next === 0) return at;
    at = next;
    output.flushFull();
  }
}

/** Has an engine convert the lines. @returns where the first line begins that it did not convert. */
function takeConnections(
  output: Sink,
  bytes: Uint8Array,
  from: number,
  take: BulkLines['takeConnections'],
): number {
  const { buffer } = output;
  const cursor = new Uint32Array(Object.keys(connectionCursor).length);
  for (let at = from; ; ) {
    reserve(buffer, MAX_LINE_LENGTH);
    cursor[connectionCursor.nextByte] = at;
    cursor[connectionCursor.outputEnd] = buffer.length;
    take(bytes, buffer.bytes, cursor);
    buffer.length = cursor[connectionCursor.outputEnd]!;
    output.flushFull();
    if (cursor[connectionCursor.nextByte] === at) return at;
    at = cursor[connectionCursor.nextByte]!;
  }
}

/**
 * Returns where the next line begins; 0 if this line does not have the usual form or is incomplete.
 */
function appendConnection({ buffer }: Sink, bytes: Uint8Array, from: number): number {
  const protocolEnd = wordEnd(bytes, from);
  let at = pastSpaces(bytes, protocolEnd);
  const addresses = at;
  for (let pair = 0; pair < 3; pair++) {
    if (!isHex(bytes, at, 8) || !isHex(bytes, at + 9, 4)) return 0;
    at += 14;
  }
  const state = at;
  const stateEnd = wordEnd(bytes, state);
  const seconds = pastSpaces(bytes, stateEnd);
  let end = seconds;
  let value = 0;
  for (; bytes[end]! >= ZERO && bytes[end]! <= NINE; end++) value = 10 * value + bytes[end]! - ZERO;
  const usual =
    bytes[end] === NEWLINE &&
    end > seconds &&
    end - seconds <= MAX_DIGITS &&
    protocolEnd > from &&
    addresses > protocolEnd &&
    stateEnd > state &&
    seconds > stateEnd;
  if (!usual) return 0;

  reserve(buffer, MAX_LINE_LENGTH);
  const out = buffer.bytes;
  let to = copyAt(out, buffer.length, bytes, from, protocolEnd);
  to = spacesTo(out, to, buffer.length + 3);
  out[to] = SPACE;
  const expiry = to + 1;
  to = twoDigitsAt(out, expiry, (value / 60) | 0);
  out[to] = COLON;
  to = twoDigitsAt(out, to + 1, value % 60);
  to = spacesTo(out, to, expiry + 6);
  out[to] = SPACE;
  const stateColumn = to + 1;
  to = copyAt(out, stateColumn, bytes, state, stateEnd);
  to = spacesTo(out, to, stateColumn + 11);
  for (let pair = 0; pair < 3; pair++) {
    out[to] = SPACE;
    const column = to + 1;
    to = ipv4At(out, column, hexAt(bytes, addresses + 14 * pair, 8));
    out[to] = COLON;
    to = decimalAt(out, to + 1, hexAt(bytes, addresses + 14 * pair + 9, 4));
    if (pair < 2) to = spacesTo(out, to, column + 18);
  }
  out[to] = NEWLINE;
  buffer.length = to + 1;
  return end + 1;
}

/** The end of the capital letters, digits and underscores at `from`. */
function wordEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at - from < MAX_WORD_LENGTH) {
    const byte = bytes[at]!;
    if (!((byte >= A && byte <= Z) || byte === UNDERSCORE || (byte >= ZERO && byte <= NINE))) break;
    at += 1;
  }
  return at;
}

function pastSpaces(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE) at += 1;
  return at;
}

/** Copies the bytes `from`..`end` of another array. */
function copyAt(out: Uint8Array, start: number, bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) out[start + at - from] = bytes[at]!;
  return start + end - from;
}

function twoDigitsAt(out: Uint8Array, at: number, value: number): number {
  if (value >= 10) return decimalAt(out, at, value);
  out[at] = ZERO;
  return decimalAt(out, at + 1, value);
}
