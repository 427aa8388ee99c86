/**
 * Text as bytes in one growing buffer that is used again: what large listings are built in. One character a
 * byte (0..255).
 */
export interface ByteBuffer {
  bytes: Uint8Array;
  /** How many bytes hold text. */
  length: number;
}

const SPACE = 0x20;
const ZERO = 0x30;
const MINUS = 0x2d;

export function newByteBuffer(capacity: number): ByteBuffer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** Makes room for `count` more bytes, so that what follows may write them without looking. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const needed = buffer.length + count;
  if (needed <= buffer.bytes.length) return;
  const grown = new Uint8Array(Math.max(needed, 2 * buffer.bytes.length));
  grown.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = grown;
}

export function appendText(buffer: ByteBuffer, text: string): void {
  reserve(buffer, text.length);
  const { bytes } = buffer;
  let at = buffer.length;
  for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index);
  buffer.length = at;
}

/** Spaces up to column `end`, counted from the start of the buffer; none when it is there already. Needs room. */
export function padTo(buffer: ByteBuffer, end: number): void {
  const { bytes } = buffer;
  let at = buffer.length;
  while (at < end) bytes[at++] = SPACE;
  buffer.length = at;
}

/** A whole number below 2^53 in decimal. Needs room. */
export function appendDecimal(buffer: ByteBuffer, value: number): void {
  const { bytes } = buffer;
  let at = buffer.length;
  let rest = value;
  if (rest < 0) {
    bytes[at++] = MINUS;
    rest = -rest;
  }
  let digits = 1;
  for (let limit = 10; rest >= limit; limit *= 10) digits++;
  buffer.length = at + digits;
  for (let position = buffer.length - 1; position >= at; position--) {
    const next = rest > 0x7fffffff ? Math.floor(rest / 10) : (rest / 10) | 0;
    bytes[position] = ZERO + (rest - 10 * next);
    rest = next;
  }
}

/** The dotted decimal text of an IPv4 address given as a number in host order. Needs room. */
export function appendIpv4(buffer: ByteBuffer, word: number): void {
  appendDecimal(buffer, word >>> 24);
  buffer.bytes[buffer.length++] = 0x2e;
  appendDecimal(buffer, (word >>> 16) & 255);
  buffer.bytes[buffer.length++] = 0x2e;
  appendDecimal(buffer, (word >>> 8) & 255);
  buffer.bytes[buffer.length++] = 0x2e;
  appendDecimal(buffer, word & 255);
}
