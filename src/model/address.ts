/**
 * IP addresses as bytes in network order (4 for IPv4, 16 for IPv6) and their texts.
 * Nothing here looks up names.
 */

/** AF_INET and AF_INET6 as Linux numbers them: the values of the wire's address family attributes. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export type Family = typeof AF_INET | typeof AF_INET6;

/** Bytes of an address of `family`. */
export function addressLength(family: Family): 4 | 16 {
  return family === AF_INET6 ? 16 : 4;
}

/** 32 bits of an address from byte `offset` on, as an unsigned number in host order; 0 beyond its end. */
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

/** The four bytes of an IPv4 address given as an unsigned number in host order. */
export function ipv4FromWord(word: number): Uint8Array {
  return Uint8Array.of(word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255);
}

/** Dotted decimal text of the four bytes at `offset`. */
export function formatIpv4(address: Uint8Array, offset = 0): string {
  return `${address[offset]}.${address[offset + 1]}.${address[offset + 2]}.${address[offset + 3]}`;
}

/**
 * IPv6 text as the GNU C library's inet_ntop writes it: lower case, the first longest run of two or more
 * zero groups as `::`, and dotted decimal for the last 32 bits of `::a.b.c.d` and `::ffff:a.b.c.d`.
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

/** Text of an address of either family, told apart by its length. */
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

/** Strict dotted decimal as inet_pton reads it: four parts of one to three digits, no leading zeros. */
export function parseDottedQuad(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part))) return undefined;
  const numbers = parts.map(Number);
  return numbers.every((number) => number <= 255) ? Uint8Array.from(numbers) : undefined;
}

/** IPv6 text as inet_pton reads it: no zone, no brackets; `::`, hexadecimal groups, an IPv4 tail. */
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

/** The 16-bit groups of one side of `::`; an IPv4 tail may end the last side. Empty text has none. */
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

/** An address of either family from its strict text; undefined when it is neither. */
export function parseAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseDottedQuad(text);
}
