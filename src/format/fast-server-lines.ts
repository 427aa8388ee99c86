/**
 * Fast path of `formatServer` and `formatServerRule` for many real servers: writes IPv4 addresses
 * and numbers directly into a buffer. Falls back to the two on anything unusual; held equal to them
 * by test/format/fast-server-lines.test.ts.
 */
import {
  appendText,
  type ByteBuffer,
  bytesAt,
  decimalAt,
  ipv4At,
  reserve,
  spacesTo,
  textAt,
} from '../bytes/byte-buffer';
import { toBytes } from '../bytes/byte-text';
import type { ListFormat } from '../command-line/request';
import { column, ROW_WORDS } from '../ipvs/server-columns';
import type { ServerRows } from '../ipvs/server-rows';
import { AF_INET } from '../model/address';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { formatCounter, formatExactCounter } from './counter';
import { formatServerRule, forwardingOptions } from './rules';
import { formatServer, forwardingNames, type ListOptions } from './service-list';

/** No line that the fast path writes is longer. */
const MAX_LINE_LENGTH = 512;
const SPACE = 0x20;
const COLON = 0x3a;
const NEWLINE = 0x0a;

/** Appends the line of a row: as `formatServer`. */
export function appendServer(
  buffer: ByteBuffer,
  key: ServiceKey,
  rows: ServerRows,
  index: number,
  options: ListOptions,
): void {
  const { words } = rows;
  const row = index * ROW_WORDS;
  const writeCells = cellWriters[options.format];
  if (!writeCells || options.names || words[row + column.family] !== AF_INET) {
    appendText(buffer, formatServer(key, rows.server(index), options));
    return;
  }
  reserve(buffer, MAX_LINE_LENGTH);
  const { bytes } = buffer;
  const start = bytesAt(bytes, buffer.length, arrow);
  let at = endpointAt(bytes, start, words, row);
  at = spacesTo(bytes, at, start + 28);
  at = writeCells(bytes, at, words, row, options.exact);
  bytes[at] = NEWLINE;
  buffer.length = at + 1;
}

/**
 * Appends the rule that adds a row's server: as `formatServerRule`.
 * @param options.beginning the common beginning of the service's rules:
 * `formatServerRuleBeginning`.
 */
export function appendServerRule(
  buffer: ByteBuffer,
  key: ServiceKey,
  rows: ServerRows,
  index: number,
  { beginning, names }: { readonly beginning: Uint8Array; readonly names: NameSource | undefined },
): void {
  const { words } = rows;
  const row = index * ROW_WORDS;
  const method = words[row + column.forwarding]! & FORWARDING_MASK;
  const usual =
    !names &&
    words[row + column.family] === AF_INET &&
    method !== forwardingMethods.tunneling &&
    method < forwardingOptions.length &&
    words[row + column.upperThreshold] === 0 &&
    words[row + column.lowerThreshold] === 0;
  if (!usual) {
    appendText(buffer, formatServerRule(key, rows.server(index), names));
    return;
  }
  reserve(buffer, beginning.length + MAX_LINE_LENGTH);
  const { bytes } = buffer;
  let at = bytesAt(bytes, buffer.length, beginning);
  at = endpointAt(bytes, at, words, row);
  at = bytesAt(bytes, at, forwardingRules[method]!);
  at = decimalAt(bytes, at, words[row + column.weight]!);
  bytes[at] = NEWLINE;
  buffer.length = at + 1;
}

const arrow = toBytes('  -> ');
const forwardingRules = forwardingOptions.map((option) => toBytes(` ${option} -w `));
const forwardingCells = forwardingNames.map((name) => toBytes(` ${name.padEnd(7)} `));
const noForwarding = toBytes(' (null)  ');

/**
 * Writes the columns after the endpoint and returns where they end. The other formats are rarely
 * used on large tables.
 */
const cellWriters: {
  readonly [F in ListFormat]?: (
    bytes: Uint8Array,
    start: number,
    words: Int32Array,
    row: number,
    exact: boolean,
  ) => number;
} = {
  plain(bytes, start, words, row) {
    const method = words[row + column.forwarding]! & FORWARDING_MASK;
    let at = bytesAt(bytes, start, forwardingCells[method] ?? noForwarding);
    at = leftAt(bytes, at, words[row + column.weight]!, 6);
    bytes[at] = SPACE;
    at = leftAt(bytes, at + 1, words[row + column.activeConnections]! >>> 0, 10);
    bytes[at] = SPACE;
    return leftAt(bytes, at + 1, words[row + column.inactiveConnections]! >>> 0, 10);
  },
  stats(bytes, start, words, row, exact) {
    let at = start;
    for (let index = 0; index < 5; index++) at = counterAt(bytes, at, words, counter(row, index), 9, exact);
    return at;
  },
  rate(bytes, start, words, row, exact) {
    let at = start;
    for (let index = 5; index < 8; index++) {
      bytes[at] = SPACE;
      at = counterAt(bytes, at + 1, words, counter(row, index), 8, undefined);
    }
    for (let index = 8; index < 10; index++) at = counterAt(bytes, at, words, counter(row, index), 9, exact);
    return at;
  },
};

/** A number, padded with spaces to `width`. */
function leftAt(bytes: Uint8Array, at: number, value: number, width: number): number {
  return spacesTo(bytes, decimalAt(bytes, at, value), at + width);
}

/** The index of a counter's low word. */
function counter(row: number, index: number): number {
  return row + column.statistics + 2 * index;
}

/** A counter, right-aligned. @param exact undefined: neither scaled nor preceded by a space. */
function counterAt(
  bytes: Uint8Array,
  at: number,
  words: Int32Array,
  place: number,
  width: number,
  exact: boolean | undefined,
): number {
  const low = words[place]! >>> 0;
  const high = words[place + 1]! >>> 0;
  if (high === 0 && low < 100_000_000) {
    let digits = 1;
    for (let limit = 10; low >= limit; limit *= 10) digits += 1;
    return decimalAt(bytes, spacesTo(bytes, at, at + width - digits), low);
  }
  const value = (BigInt(high) << 32n) | BigInt(low);
  if (exact === undefined) return textAt(bytes, at, String(value).padStart(width));
  return textAt(bytes, at, exact ? formatExactCounter(value) : formatCounter(value));
}

function endpointAt(bytes: Uint8Array, start: number, words: Int32Array, row: number): number {
  const at = ipv4At(bytes, start, words[row + column.address]!);
  bytes[at] = COLON;
  return decimalAt(bytes, at + 1, words[row + column.port]!);
}
