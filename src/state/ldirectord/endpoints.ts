/** Hosts and ports of ldirectord(8), looked up as ldirectord does (getaddrinfo, getservbyname). */

import { bytesFromUnicode } from '../../bytes/unicode';
import { parseInetAton } from '../../command-line/values';
import { addressWord, formatAddress, ipv4FromWord, parseAddress, parseIpv6 } from '../../model/address';
import { protocols } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import type { Diagnostics, Word } from '../source/collect';

/** What names of a virtual service's hosts and ports depend on. */
export interface Lookup {
  readonly ipv6: boolean;
  readonly names: NameSource;
  readonly diagnostics: Diagnostics;
}

/** Returns a host's address as text. Reports an error and returns undefined when there is none. */
export function addressOf(host: Word, { ipv6, names, diagnostics }: Lookup): string | undefined {
  const bare = /\[(.*)\]/s.exec(host.text)?.[1] ?? host.text;
  // getaddrinfo takes no host for the machine itself.
  if (bare === '') return ipv6 ? '::1' : '127.0.0.1';
  const address = ipv6 ? parseIpv6(bare) : parseInetAton(bare);
  if (address) return formatAddress(address);
  if (parseAddress(bare) || bare !== host.text || !/[A-Za-z]/.test(bare)) {
    const right = ipv6
      ? 'an IPv6 address in brackets'
      : 'an IPv4 address: IPv6 requires virtual6, real6 or fallback6';
    diagnostics.error(host, `'${host.text}' is not ${right}`);
    return undefined;
  }
  const found = names.addressOfHost(bytesFromUnicode(bare), ipv6 ? 6 : 4);
  if (found?.length === (ipv6 ? 16 : 4)) return formatAddress(found);
  diagnostics.error(
    host,
    `'${host.text}' has no ${ipv6 ? 'IPv6' : 'IPv4'} address`,
    'give the address instead of the name',
  );
  return undefined;
}

/** An address as ldirectord and ipvsadm write it before a port. */
export function hostText(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** A larger range is taken for a mistake. */
const MAX_ADDRESSES = 65536;

/** Returns the addresses of a range, including both ends. */
export function rangeOf(host: Word, last: Word | undefined, lookup: Lookup): readonly string[] {
  const { ipv6, diagnostics } = lookup;
  const first = addressOf(host, lookup);
  if (first === undefined) return [];
  if (!last) return [first];
  const end = addressOf(last, lookup);
  if (end === undefined) return [];
  if (ipv6) {
    diagnostics.error(last, 'ldirectord does not support ranges of IPv6 addresses');
    return [];
  }
  const [low, high] = [first, end].map((text) => addressWord(parseAddress(text)!, 0)) as [number, number];
  if (high < low) {
    diagnostics.error(last, 'the range ends before it starts', 'FIRST->LAST');
    return [];
  }
  const found: string[] = [];
  // ldirectord compares the numbers of the addresses as text.
  for (let number = low; String(number) <= String(high); number++) {
    if (found.length === MAX_ADDRESSES) {
      diagnostics.error(last, `the range has more than ${MAX_ADDRESSES} addresses`, 'a smaller range');
      return [];
    }
    found.push(formatAddress(ipv4FromWord(number)));
  }
  if (found.length === 0)
    diagnostics.warn(
      last,
      `ldirectord finds no address in this range, because it compares ${low} and ${high} as text`,
      'split the range, or list its addresses',
    );
  return found;
}

/**
 * Returns a port as ldirectord writes it: a number as it is given, or the number of a service name.
 * Reports an error and returns undefined when there is none.
 * @param protocol tcp, udp or fwm; undefined for any.
 */
export function portOf(
  port: Word,
  protocol: string | undefined,
  { names, diagnostics }: Lookup,
): string | undefined {
  if (/^[0-9]+$/.test(port.text)) {
    if (Number(port.text) < 65536) return port.text;
    diagnostics.error(port, `'${port.text}' is not a port`, 'a whole number from 0 to 65535');
    return undefined;
  }
  const name = bytesFromUnicode(port.text);
  const tried = protocol === undefined ? ['tcp', 'udp', 'sctp'] : [protocol];
  for (const known of tried) {
    const number = Object.hasOwn(protocols, known) ? protocols[known as keyof typeof protocols] : undefined;
    const found = number === undefined ? undefined : names.portOfService(name, number);
    if (found !== undefined) return String(found);
  }
  const where = protocol === undefined ? '' : ` of ${protocol}`;
  diagnostics.error(
    port,
    `unknown service '${port.text}'${where}`,
    'a port number or a name from /etc/services',
  );
  return undefined;
}
