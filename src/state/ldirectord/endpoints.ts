/** Addresses, ranges and ports of ldirectord(8). Names are looked up, as ldirectord does. */

import { bytesFromUnicode } from '../../bytes/unicode';
import { addressWord, formatAddress, ipv4FromWord, parseAddress } from '../../model/address';
import { protocols } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import type { Diagnostics, Word } from '../source/collect';
import { partOf } from './lines';

export interface Endpoint {
  /** As given: an address, in brackets if it is IPv6, or a name. */
  readonly host: Word;
  /** The end of a range. */
  readonly last?: Word | undefined;
  readonly port?: Word | undefined;
}

/**
 * Parses HOST[->HOST][:PORT]. Reports an error and returns undefined when the word is something
 * else.
 */
export function endpointOf(word: Word, diagnostics: Diagnostics): Endpoint | undefined {
  const host = String.raw`\[[^\]]*\]|[^: \t\n\v\f\r\[\]>]+?`;
  const match = new RegExp(`^(${host})(->(${host}))?(:([0-9A-Za-z_-]+))?$`).exec(word.text);
  if (!match) {
    diagnostics.error(
      word,
      `'${word.text}' is not an address`,
      'ADDRESS:PORT; an IPv6 address needs brackets',
    );
    return undefined;
  }
  const [all, first = '', arrow = '', last, port, name = ''] = match;
  return {
    host: partOf(word, 0, first.length),
    last:
      last === undefined ? undefined : partOf(word, first.length + arrow.length - last.length, last.length),
    port: port === undefined ? undefined : partOf(word, all.length - name.length, name.length),
  };
}

/** Returns a host's address as text. Reports an error and returns undefined when there is none. */
export function addressOf(
  host: Word,
  ipv6: boolean,
  names: NameSource,
  diagnostics: Diagnostics,
): string | undefined {
  const bare = /^\[(.*)\]$/.exec(host.text)?.[1];
  const address = parseAddress(bare ?? host.text);
  if (address && (address.length === 16) === ipv6 && (bare !== undefined) === ipv6)
    return formatAddress(address);
  if (address || bare !== undefined) {
    const right = ipv6
      ? 'an IPv6 address in brackets'
      : 'an IPv4 address: IPv6 requires virtual6, real6 or fallback6';
    diagnostics.error(host, `'${host.text}' is not ${right}`);
    return undefined;
  }
  const found = ipv6 ? undefined : names.addressOfHost(bytesFromUnicode(host.text));
  if (found) return formatAddress(found);
  diagnostics.error(
    host,
    ipv6
      ? `'${host.text}' cannot be looked up: names of IPv6 hosts are not supported`
      : `'${host.text}' has no IPv4 address`,
    'give the address instead of the name',
  );
  return undefined;
}

/** A larger range is taken for a mistake. */
const MAX_ADDRESSES = 65536;

/** Returns the addresses of a range, including both ends. */
export function rangeOf(
  { host, last }: Endpoint,
  ipv6: boolean,
  names: NameSource,
  diagnostics: Diagnostics,
): readonly string[] {
  const first = addressOf(host, ipv6, names, diagnostics);
  if (first === undefined) return [];
  if (!last) return [first];
  if (ipv6) {
    diagnostics.error(last, 'ldirectord does not support ranges of IPv6 addresses');
    return [];
  }
  const end = addressOf(last, false, names, diagnostics);
  if (end === undefined) return [];
  const [low, high] = [first, end].map((text) => addressWord(parseAddress(text)!, 0)) as [number, number];
  if (high < low || high - low >= MAX_ADDRESSES) {
    diagnostics.error(
      last,
      high < low ? 'the range ends before it starts' : `the range has more than ${MAX_ADDRESSES} addresses`,
    );
    return [];
  }
  return Array.from({ length: high - low + 1 }, (_, index) => formatAddress(ipv4FromWord(low + index)));
}

/**
 * Returns a port given by number or service name. Reports an error and returns undefined when it is
 * unknown.
 */
export function portOf(
  port: Word,
  protocol: number | undefined,
  names: NameSource,
  diagnostics: Diagnostics,
): number | undefined {
  if (/^[0-9]{1,9}$/.test(port.text)) return Number(port.text);
  const name = bytesFromUnicode(port.text);
  const tried = protocol === undefined ? [protocols.tcp, protocols.udp] : [protocol];
  const found = tried
    .map((number) => names.portOfService(name, number))
    .find((number) => number !== undefined);
  if (found === undefined)
    diagnostics.error(port, `unknown service '${port.text}'`, 'a port number or a name from /etc/services');
  return found;
}
