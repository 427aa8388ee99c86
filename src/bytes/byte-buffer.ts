/** A growing, reusable buffer of text for large listings; one character per byte (0..255). */
export interface ByteBuffer {
  bytes: Uint8Array;
  /** The number of bytes in use. */
  length: number;
}

const SPACE = 0x20;
const ZERO = 0x30;
const MINUS = 0x2d;
const DOT = 0x2e;

export function newByteBuffer(capacity: number): ByteBuffer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** Makes room for `count` more bytes, which may then be written without a check. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const needed = buffer.length + count;
  if (needed <= buffer.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, 2 * buffer.bytes.length));
  grown.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = grown;
}

export function appendText(buffer: ByteBuffer, text: string): void {
  reserve(buffer, text.length);
  buffer.length = textAt(buffer.bytes, buffer.length, text);
}

/*
 * The functions below write at a position of `bytes` where there is room, and return the end
 * position: in long loops a local number is cheaper than a property, especially in an interpreter.
 */

/** Writes bytes, such as those of a text that is written often. */
export function bytesAt(bytes: Uint8Array, at: number, text: Uint8Array): number {
  bytes.set(text, at);
  return at + text.length;
}

export function textAt(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let index = 0; index < length; index++) bytes[at + index] = text.charCodeAt(index);
  return at + length;
}

/** Writes spaces up to `end`, if any. */
export function spacesTo(bytes: Uint8Array, at: number, end: number): number {
  if (end <= at) return at;
  if (end - at > FEW) bytes.fill(SPACE, at, end);
  else for (let place = at; place < end; place++) bytes[place] = SPACE;
  return end;
}

/** Up to this number of bytes a loop is faster than `fill`. */
const FEW = 32;

/**
 * Below this limit n / 10 is (n * 6554) >> 16, an integer operation, which is faster than a
 * division.
 */
const SMALL = 16384;

/** Writes an integer of magnitude below 2^53 in decimal. */
export function decimalAt(bytes: Uint8Array, at: number, value: number): number {
  let first = at;
  let rest = value;
  if (rest < 0) {
    bytes[first] = MINUS;
    first += 1;
    rest = -rest;
  }
  if (rest < 1000) return smallAt(bytes, first, rest);
  let end = first + 4;
  for (let limit = 10000; rest >= limit; limit *= 10) end += 1;
  for (let position = end - 1; position >= first; position--) {
    const next = rest < SMALL ? (rest * 6554) >> 16 : Math.floor(rest / 10);
    bytes[position] = ZERO + rest - 10 * next;
    rest = next;
  }
  return end;
}

/** Writes an integer of 0 to 999 in decimal, by multiplications, which are faster than divisions. */
function smallAt(bytes: Uint8Array, at: number, value: number): number {
  const tens = (value * 6554) >> 16;
  const units = ZERO + value - 10 * tens;
  if (tens === 0) {
    bytes[at] = units;
    return at + 1;
  }
  if (tens < 10) {
    bytes[at] = ZERO + tens;
    bytes[at + 1] = units;
    return at + 2;
  }
  const hundreds = (tens * 6554) >> 16;
  bytes[at] = ZERO + hundreds;
  bytes[at + 1] = ZERO + tens - 10 * hundreds;
  bytes[at + 2] = units;
  return at + 3;
}

/** Writes an IPv4 address, given as a number in host order, in dotted decimal. */
export function ipv4At(bytes: Uint8Array, at: number, word: number): number {
  let end = smallAt(bytes, at, word >>> 24);
  bytes[end] = DOT;
  end = smallAt(bytes, end + 1, (word >> 16) & 255);
  bytes[end] = DOT;
  end = smallAt(bytes, end + 1, (word >> 8) & 255);
  bytes[end] = DOT;
  return smallAt(bytes, end + 1, word & 255);
}
