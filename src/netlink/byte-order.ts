/** Host to network byte order and back, on a little-endian machine: htons and htonl. */

/** The two low bytes swapped; the rest is dropped. */
export function swapped16(value: number): number {
  return ((value & 0xff) << 8) | ((value >> 8) & 0xff);
}

/** The four bytes in reverse, as a signed number. */
export function swapped32(value: number): number {
  return (swapped16(value) << 16) | swapped16(value >>> 16);
}
