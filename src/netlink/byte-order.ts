/**
 * Conversion between host and network byte order on a little-endian machine: htons(3), htonl(3).
 */

/** Swaps the two low bytes; drops the others. */
export function swapped16(value: number): number {
  return ((value & 0xff) << 8) | ((value >> 8) & 0xff);
}

/** Reverses the four bytes; returns a signed number. */
export function swapped32(value: number): number {
  return (swapped16(value) << 16) | swapped16(value >>> 16);
}
