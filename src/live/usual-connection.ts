/**
 * Reads usual lines of the connection table, those of TCP and UDP by IPv4, without making objects of them.
 *
 *     TCP 0A010002 9C43 0A010064 0050 0A020003 1F90 TIME_WAIT       119
 */

import { hexAt, isHex } from '../bytes/hex-columns';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

/** Three letters and a space, then thrice eight and four digits with a space behind each. */
const PROTOCOL_WIDTH = 4;
const PAIR_WIDTH = 14;
const PORT_AT = 9;
const STATE_AT = PROTOCOL_WIDTH + 3 * PAIR_WIDTH;
const MAX_STATE_LENGTH = 32;
const MAX_DIGITS = 9;

/** A line that was read. The same object is used for each line. */
export interface UsualConnection {
  protocol: 'TCP' | 'UDP';
  /** Addresses as signed numbers of 32 bits. */
  readonly addresses: Int32Array;
  /** Of client, virtual service and real server, as are the addresses. */
  readonly ports: Uint16Array;
  state: string;
  seconds: number;
  /** Where the next line begins. */
  next: number;
}

export function usualConnection(): UsualConnection {
  return {
    protocol: 'TCP',
    addresses: new Int32Array(3),
    ports: new Uint16Array(3),
    state: '',
    seconds: 0,
    next: 0,
  };
}

/** Returns a function that reads the line at `from`. It returns false if it is unusual or incomplete. */
export function lineReader(line: UsualConnection): (bytes: Uint8Array, from: number) => boolean {
  const state = stateReader();
  return (bytes, from) => {
    if (isText('TCP', bytes, from)) line.protocol = 'TCP';
    else if (isText('UDP', bytes, from)) line.protocol = 'UDP';
    else return false;
    for (let pair = 0; pair < 3; pair++) {
      const at = from + PROTOCOL_WIDTH + PAIR_WIDTH * pair;
      if (bytes[at - 1] !== SPACE || !isHex(bytes, at, 8) || !isHex(bytes, at + PORT_AT, 4)) return false;
      line.addresses[pair] = hexAt(bytes, at, 8);
      line.ports[pair] = hexAt(bytes, at + PORT_AT, 4);
    }
    const begin = from + STATE_AT;
    let end = begin;
    while (bytes[end]! > SPACE && end - begin < MAX_STATE_LENGTH) end += 1;
    if (end === begin || bytes[end] !== SPACE) return false;
    let digit = end;
    while (bytes[digit] === SPACE) digit += 1;
    let value = 0;
    let after = digit;
    for (; isDigit(bytes[after]!) && after - digit < MAX_DIGITS; after++)
      value = 10 * value + bytes[after]! - ZERO;
    if (after === digit || bytes[after] !== NEWLINE) return false;
    line.state = state(bytes, begin, end);
    line.seconds = value;
    line.next = after + 1;
    return true;
  };
}

/** Texts of states. There are few, and lines with the same one come together. */
function stateReader(): (bytes: Uint8Array, from: number, to: number) => string {
  let text = '';
  return (bytes, from, to) => {
    const isSame = text.length === to - from && isText(text, bytes, from);
    if (!isSame) text = String.fromCharCode(...bytes.subarray(from, to));
    return text;
  };
}

function isText(text: string, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
