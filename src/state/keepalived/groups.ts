/** virtual_server_group of keepalived.conf(5) (check_data.c, alloc_vsg_entry). */
import { U32_MAX } from '../../model/limits';
import type { Diagnostics, Word } from '../source/collect';
import { endpointOf, warnOfExtra } from './endpoints';
import type { AddressEntry, Endpoint, FamilyName, Group, MarkEntry } from './model';
import { strtoul, unsignedOf } from './numbers';
import type { Words } from './words';

const families: Readonly<Record<string, FamilyName>> = { inet: 'ipv4', inet6: 'ipv6' };

export function newGroup(name: string): Group {
  return { name, addresses: [], marks: [], ipv4: false, ipv6: false, unclear: false };
}

/** Adds a line of a group to it; keepalived ignores a line with a mistake. */
export function addEntry(group: Group, words: Words, diagnostics: Diagnostics): void {
  if (words[0].text === 'fwmark') {
    const entry = markEntry(words, diagnostics);
    if (!entry) return;
    if (!entry.family) group.unclear = true;
    else group[entry.family] = true;
    group.marks.push(entry);
    return;
  }
  const endpoint = endpointOf(words[0], words[1], 'this line', diagnostics);
  warnOfExtra(words, 1, diagnostics);
  const count = endpoint && countOf(endpoint, words[1], diagnostics);
  if (count === undefined) return;
  group.addresses.push({ kind: 'address', endpoint, count, alive: {} } as AddressEntry);
  group[endpoint!.family] = true;
}

function markEntry(words: Words, diagnostics: Diagnostics): MarkEntry | undefined {
  const [keyword, mark, family] = words;
  if (!mark) {
    diagnostics.error(keyword, `missing argument after '${keyword.text}'`);
    return undefined;
  }
  const number = unsignedOf(mark, { min: 0, max: U32_MAX }, true, diagnostics);
  if (number === undefined) return undefined;
  if (family && !Object.hasOwn(families, family.text)) {
    diagnostics.warn(
      family,
      `unknown address family '${family.text}': keepalived ignores this line`,
      'inet or inet6',
    );
    return undefined;
  }
  warnOfExtra(words, 2, diagnostics);
  return {
    kind: 'fwmark',
    mark: number,
    word: mark,
    family: family && families[family.text],
    alive: {},
  };
}

/** How many addresses the line stands for; undefined if keepalived ignores it. */
function countOf(
  { word, address, family }: Endpoint,
  port: Word | undefined,
  diagnostics: Diagnostics,
): number | undefined {
  const { text } = word;
  const first = numberFrom(address);
  const bits = address.length * 8;
  const wrong = (message: string) => {
    const hint = 'such as 192.0.2.1-10, 192.0.2.1-192.0.2.10, 192.0.2.0/28 or 2001:db8::1-f';
    diagnostics.warn(word, `'${text}' ${message}: keepalived ignores this line`, hint);
    return undefined;
  };
  const ended = (count: number) => {
    if (family === 'ipv6' || Number(first & 0xffn) + count <= 256) return count;
    const message = `'${text}' goes beyond the last byte of the address: keepalived never ends counting it`;
    diagnostics.error(word, message, 'a line for each 256 addresses, such as 192.0.2.0/24');
    return undefined;
  };
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const { value, rest } = strtoul(text.slice(slash + 1));
    if (rest !== '' || value < 1n || value > bits) return wrong('is not a valid address range');
    const host = (1n << (BigInt(bits) - value)) - 1n;
    if ((first & host) !== 0n) return wrong('is not a valid address range: host bits are set');
    return ended(distance(first, first | host, family));
  }
  const dash = text.indexOf('-');
  if (dash < 0) return 1;
  const end = text.slice(dash + 1);
  if (end.includes(family === 'ipv4' ? '.' : ':')) {
    const last = endpointOf({ ...word, text: end }, port, 'this line', diagnostics);
    if (!last) return undefined;
    if (last.family !== family) return wrong('is not a valid address range: it has two address families');
    if (numberFrom(last.address) < first)
      return wrong('is not a valid address range: it ends before it begins');
    return ended(distance(first, numberFrom(last.address), family));
  }
  const count = partialRange(first, end, family, wrong, (rest) =>
    diagnostics.warn(word, `keepalived ignores '${rest}' in the address range '${text}'`),
  );
  return count === undefined ? undefined : ended(count);
}

/** A range that ends with the last part of an address: decimal, or hexadecimal for IPv6. */
function partialRange(
  first: bigint,
  end: string,
  family: FamilyName,
  wrong: (message: string) => undefined,
  ignored: (rest: string) => void,
): number | undefined {
  const most = family === 'ipv4' ? 0xffn : 0xffffn;
  const { value, rest, overflow } = strtoul(end, family === 'ipv4' ? 10 : 16);
  if (rest !== '') ignored(rest);
  else if (overflow || value > most) return wrong('is not a valid address range: its end is too large');
  const last = family === 'ipv4' ? value & 0xffffffffn : value & most;
  const own = first & most;
  if (own >= (value & 0xffffffffn)) return wrong('is not a valid address range: it ends before it begins');
  return distance(first, (first & ~most) + last, family);
}

/**
 * The addresses that keepalived makes of a range: of IPv6 addresses it counts up the last 16 bits
 * until they are those of the end (ipvswrapper.c, ipvs_group_range_cmd).
 */
function distance(first: bigint, last: bigint, family: FamilyName): number {
  if (family === 'ipv4') return Number(last - first) + 1;
  return Number((last - first) & 0xffffn) + 1;
}

function numberFrom(address: Uint8Array): bigint {
  let number = 0n;
  for (const byte of address) number = (number << 8n) | BigInt(byte);
  return number;
}
