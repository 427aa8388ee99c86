/**
 * IP addresses as bytes in network order (4 for IPv4, 16 for IPv6) and as text, without name
 * lookups.
 */

/** AF_INET of Linux: IPv4 in the address family attributes of netlink. */
export const AF_INET = 2;
/** AF_INET6 of Linux: IPv6. */
export const AF_INET6 = 10;
/** The family of an address. */
export type Family = typeof AF_INET | typeof AF_INET6;

/** The length of an address in bytes. */
export function addressLength(family: Family): 4 | 16 {
  return family === AF_INET6 ? 16 : 4;
}

/**
 * The 32 bits of an address at byte `offset`, as an unsigned number in host order; 0 beyond its
 * end.
 */
export function addressWord(address: Uint8Array, offset: number): number {
  if (offset + 4 > address.length) return 0;
  return (
    ((address[offset]! << 24) |
      (address[offset + 1]! << 16) |
      (address[offset + 2]! << 8) |
      address[offset + 3]!) >>>
    0
  );
}

/** Many addresses share one buffer: a typed array with a buffer of its own takes twice the memory. */
const BUFFER_LENGTH = 4096;
let buffer = new ArrayBuffer(BUFFER_LENGTH);
let used = 0;

/** The bytes of an IPv4 address that is given as an unsigned number in host order. */
export function ipv4FromWord(word: number): Uint8Array {
  if (used === BUFFER_LENGTH) {
    buffer = new ArrayBuffer(BUFFER_LENGTH);
    used = 0;
  }
  const address = new Uint8Array(buffer, used, 4);
  used += 4;
  address[0] = word >>> 24;
  address[1] = word >>> 16;
  address[2] = word >>> 8;
  address[3] = word;
  return address;
}

/** The four bytes at `offset` in dotted decimal. */
export function formatIpv4(address: Uint8Array, offset = 0): string {
  return `${address[offset]}.${address[offset + 1]}.${address[offset + 2]}.${address[offset + 3]}`;
}

/**
 * The text of an IPv6 address as inet_ntop of the GNU C library writes it: in lower case, the first
 * of the longest runs of two or more zero groups as `::`, the last 32 bits of `::a.b.c.d` and
 * `::ffff:a.b.c.d` in dotted decimal.
 */
export function formatIpv6(address: Uint8Array): string {
  const groups: number[] = [];
  for (let at = 0; at < 16; at += 2) groups.push((address[at]! << 8) | address[at + 1]!);
  const run = longestZeroRun(groups);
  const dotted = run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff));
  const hex = dotted ? groups.slice(0, 6) : groups;
  const join = (from: number, to: number) =>
    hex
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  const tail = dotted ? formatIpv4(address, 12) : '';
  if (run.length < 2) return join(0, 8);
  const after = [join(run.start + run.length, hex.length), tail].filter((part) => part !== '').join(':');
  return `${join(0, run.start)}::${after}`;
}

/** The text of an address of either family; its length determines the family. */
export function formatAddress(address: Uint8Array): string {
  return address.length === 4 ? formatIpv4(address) : formatIpv6(address);
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (start + length < groups.length && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
    start += length;
  }
  return best;
}

/**
 * Parses strict dotted decimal as inet_pton does: four parts of one to three digits, without
 * leading zeros.
 */
export function parseDottedQuad(text: string): Uint8Array | undefined {
  const word = dottedQuadWord(text);
  return word === undefined ? undefined : ipv4FromWord(word);
}

const DOT = 0x2e;
const ZERO = 0x30;

/** Strict dotted decimal as an unsigned number in host order; undefined if it is not that. */
export function dottedQuadWord(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let word = 0;
  let dots = 0;
  /** -1: no digit yet. */
  let part = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (part < 0 || dots === 3) return undefined;
      word = word * 256 + part;
      part = -1;
      dots += 1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || part === 0) return undefined;
    part = part < 0 ? digit : part * 10 + digit;
    if (part > 255) return undefined;
  }
  return dots === 3 && part >= 0 ? word * 256 + part : undefined;
}

/**
 * Parses an IPv6 address as inet_pton does: hexadecimal groups, `::`, an IPv4 tail; no zone, no
 * brackets.
 */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

/**
 * The 16-bit groups on one side of `::`; none if `text` is empty. The last side may end in an IPv4
 * tail.
 */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const quad = last && index === parts.length - 1 ? parseDottedQuad(part) : undefined;
    if (!quad) return undefined;
    groups.push((quad[0]! << 8) | quad[1]!, (quad[2]! << 8) | quad[3]!);
  }
  return groups;
}

/** Parses an address of either family in its strict form; undefined if it is neither. */
export function parseAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseDottedQuad(text);
}

/** Whether the first `prefix` bits of two addresses of one family are equal. */
export function inSubnet(address: Uint8Array, subnet: Uint8Array, prefix: number): boolean {
  if (address.length !== subnet.length) return false;
  for (let bit = 0; bit < prefix; bit += 8) {
    const mask = prefix - bit >= 8 ? 0xff : (0xff00 >> (prefix - bit)) & 0xff;
    if (((address[bit >> 3]! ^ subnet[bit >> 3]!) & mask) !== 0) return false;
  }
  return true;
}
