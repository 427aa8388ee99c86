/** Addresses, ranges and ports of ldirectord(8): names are looked up, as ldirectord does. */

import { bytesFromUnicode } from '../../bytes/unicode';
import { addressWord, formatAddress, ipv4FromWord, parseAddress } from '../../model/address';
import { protocols } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import type { Diagnostics, Word } from '../source/collect';
import { partOf } from './lines';

export interface Endpoint {
  /** As it stands: an address, in brackets when it is IPv6, or a name. */
  readonly host: Word;
  /** The end of a range. */
  readonly last?: Word | undefined;
  readonly port?: Word | undefined;
}

/** HOST[->HOST][:PORT]; an error and undefined when the word is none. */
export function endpointOf(word: Word, told: Diagnostics): Endpoint | undefined {
  const host = String.raw`\[[^\]]*\]|[^:\s\[\]>]+?`;
  const match = new RegExp(`^(${host})(->(${host}))?(:([0-9A-Za-z_-]+))?$`).exec(word.text);
  if (!match) {
    told.error(word, `'${word.text}' is not an address`, 'ADDRESS:PORT; an IPv6 address stands in brackets');
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

/** The text of an address that a host has; an error and undefined when it has none. */
export function addressOf(
  host: Word,
  ipv6: boolean,
  names: NameSource,
  told: Diagnostics,
): string | undefined {
  const bare = /^\[(.*)\]$/.exec(host.text)?.[1];
  const address = parseAddress(bare ?? host.text);
  if (address && (address.length === 16) === ipv6 && (bare !== undefined) === ipv6)
    return formatAddress(address);
  if (address || bare !== undefined) {
    const right = ipv6
      ? 'an IPv6 address in brackets'
      : 'an IPv4 address: virtual6, real6 and fallback6 are for IPv6';
    told.error(host, `'${host.text}' is not ${right}`);
    return undefined;
  }
  const found = ipv6 ? undefined : names.addressOfHost(bytesFromUnicode(host.text));
  if (found) return formatAddress(found);
  told.error(
    host,
    `'${host.text}' has no ${ipv6 ? 'address that is looked up here' : 'IPv4 address'}`,
    'write the address',
  );
  return undefined;
}

/** More are not meant. */
const MAX_COUNT = 65536;

/** The addresses of a range, both ends with it. */
export function rangeOf(
  { host, last }: Endpoint,
  ipv6: boolean,
  names: NameSource,
  told: Diagnostics,
): readonly string[] {
  const first = addressOf(host, ipv6, names, told);
  if (first === undefined) return [];
  if (!last) return [first];
  if (ipv6) {
    told.error(last, 'ldirectord has no ranges of IPv6 addresses');
    return [];
  }
  const end = addressOf(last, false, names, told);
  if (end === undefined) return [];
  const [low, high] = [first, end].map((text) => addressWord(parseAddress(text)!, 0)) as [number, number];
  if (high < low || high - low >= MAX_COUNT) {
    told.error(
      last,
      high < low ? 'the range ends before it begins' : `this range has more than ${MAX_COUNT} addresses`,
    );
    return [];
  }
  return Array.from({ length: high - low + 1 }, (_, index) => formatAddress(ipv4FromWord(low + index)));
}

/** A port by number or by the name of a service; an error and undefined when it is none. */
export function portOf(
  port: Word,
  protocol: number | undefined,
  names: NameSource,
  told: Diagnostics,
): number | undefined {
  if (/^[0-9]{1,9}$/.test(port.text)) return Number(port.text);
  const name = bytesFromUnicode(port.text);
  const tried = protocol === undefined ? [protocols.tcp, protocols.udp] : [protocol];
  const found = tried
    .map((number) => names.portOfService(name, number))
    .find((number) => number !== undefined);
  if (found === undefined)
    told.error(port, `there is no service '${port.text}'`, 'a number, or a name of /etc/services');
  return found;
}
