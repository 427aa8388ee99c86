/**
 * The lines of real servers written straight into a buffer, for tables of many thousands: the fast twin of
 * `formatServer` and `formatServerRule` for IPv4 and numbers, which writes everything else through them.
 * test/format/server-lines.test.ts holds them equal.
 */
import { appendDecimal, appendIpv4, appendText, type ByteBuffer, padTo, reserve } from '../byte-buffer';
import { AF_INET } from '../model/address';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import type { ServiceKey } from '../model/virtual-service';
import type { NameSource } from '../names';
import { column, ROW_WORDS } from '../netlink/server-columns';
import type { ServerRows } from '../netlink/server-rows';
import type { ListFormat } from '../request';
import { formatCounter, formatExactCounter } from './counter';
import { formatServerRule, forwardingOptions } from './rules';
import { formatServer, forwardingNames, type ListOptions } from './service-list';

/** No line of this file is longer. */
const LONGEST_LINE = 512;
const SPACE = 0x20;
const COLON = 0x3a;
const NEWLINE = 0x0a;

/** Appends the line of a row: `formatServer`. */
export function appendServer(
  buffer: ByteBuffer,
  key: ServiceKey,
  rows: ServerRows,
  index: number,
  options: ListOptions,
): void {
  const at = index * ROW_WORDS;
  const appendCells = cellWriters[options.format];
  if (!appendCells || options.names || rows.words[at + column.family] !== AF_INET) {
    appendText(buffer, formatServer(key, rows.server(index), options));
    return;
  }
  reserve(buffer, LONGEST_LINE);
  appendText(buffer, '  -> ');
  const end = buffer.length + 28;
  appendEndpoint(buffer, rows.words, at);
  padTo(buffer, end);
  appendCells(buffer, rows.words, at, options.exact);
  buffer.bytes[buffer.length++] = NEWLINE;
}

/**
 * Appends the rule that adds a row's server: `formatServerRule`.
 * @param options.beginning what the rules of the service's servers begin with: `formatServerRuleBeginning`.
 */
export function appendServerRule(
  buffer: ByteBuffer,
  key: ServiceKey,
  rows: ServerRows,
  index: number,
  { beginning, names }: { readonly beginning: string; readonly names: NameSource | undefined },
): void {
  const { words } = rows;
  const at = index * ROW_WORDS;
  const method = words[at + column.forwarding]! & FORWARDING_MASK;
  const usual =
    !names &&
    words[at + column.family] === AF_INET &&
    method !== forwardingMethods.tunneling &&
    method < forwardingOptions.length &&
    words[at + column.upperThreshold] === 0 &&
    words[at + column.lowerThreshold] === 0;
  if (!usual) {
    appendText(buffer, formatServerRule(key, rows.server(index), names));
    return;
  }
  appendText(buffer, beginning);
  reserve(buffer, LONGEST_LINE);
  appendEndpoint(buffer, words, at);
  appendText(buffer, forwardingRules[method]!);
  appendDecimal(buffer, words[at + column.weight]!);
  buffer.bytes[buffer.length++] = NEWLINE;
}

const forwardingRules = forwardingOptions.map((option) => ` ${option} -w `);
const forwardingCells = forwardingNames.map((name) => ` ${name.padEnd(7)} `);

/** What follows the endpoint, in the formats that are asked for on large tables. */
const cellWriters: {
  readonly [F in ListFormat]?: (buffer: ByteBuffer, words: Int32Array, at: number, exact: boolean) => void;
} = {
  plain(buffer, words, at) {
    appendText(buffer, forwardingCells[words[at + column.forwarding]! & FORWARDING_MASK] ?? ' (null)  ');
    appendLeft(buffer, words[at + column.weight]!, 6);
    buffer.bytes[buffer.length++] = SPACE;
    appendLeft(buffer, words[at + column.activeConnections]! >>> 0, 10);
    buffer.bytes[buffer.length++] = SPACE;
    appendLeft(buffer, words[at + column.inactiveConnections]! >>> 0, 10);
  },
  stats(buffer, words, at, exact) {
    for (let index = 0; index < 5; index++) appendCounter(buffer, words, counterAt(at, index), 9, exact);
  },
  rate(buffer, words, at, exact) {
    for (let index = 5; index < 8; index++) {
      padTo(buffer, buffer.length + 1);
      appendCounter(buffer, words, counterAt(at, index), 8, undefined);
    }
    for (let index = 8; index < 10; index++) appendCounter(buffer, words, counterAt(at, index), 9, exact);
  },
};

/** A number and spaces up to `width`. */
function appendLeft(buffer: ByteBuffer, value: number, width: number): void {
  const end = buffer.length + width;
  appendDecimal(buffer, value);
  padTo(buffer, end);
}

function counterAt(at: number, index: number): number {
  return at + column.statistics + 2 * index;
}

/** A counter, right-aligned. @param exact undefined: never scaled, never with a space of its own. */
function appendCounter(
  buffer: ByteBuffer,
  words: Int32Array,
  at: number,
  width: number,
  exact: boolean | undefined,
): void {
  const low = words[at]! >>> 0;
  const high = words[at + 1]! >>> 0;
  if (high === 0 && low < 100_000_000) {
    let digits = 1;
    for (let limit = 10; low >= limit; limit *= 10) digits++;
    padTo(buffer, buffer.length + width - digits);
    appendDecimal(buffer, low);
    return;
  }
  const value = (BigInt(high) << 32n) | BigInt(low);
  if (exact === undefined) appendText(buffer, String(value).padStart(width));
  else appendText(buffer, exact ? formatExactCounter(value) : formatCounter(value));
}

function appendEndpoint(buffer: ByteBuffer, words: Int32Array, at: number): void {
  appendIpv4(buffer, words[at + column.address]!);
  buffer.bytes[buffer.length++] = COLON;
  appendDecimal(buffer, words[at + column.port]!);
}
