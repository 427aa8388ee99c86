/** Hexadecimal numbers of a fixed width, as the kernel prints them in the lines of /proc/net. */

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const A = 0x41;
const F = 0x46;

/** Whether there are `count` capital hexadecimal digits and a space at `from`. */
export function isHex(bytes: Uint8Array, from: number, count: number): boolean {
  for (let at = from; at < from + count; at++) {
    const byte = bytes[at]!;
    if (!((byte >= ZERO && byte <= NINE) || (byte >= A && byte <= F))) return false;
  }
  return bytes[from + count] === SPACE;
}

/** The value of hexadecimal digits, wrapped to a signed number of 32 bits. */
export function hexAt(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) {
    const byte = bytes[at]!;
    value = (value << 4) | (byte <= NINE ? byte - ZERO : byte - A + 10);
  }
  return value;
}
