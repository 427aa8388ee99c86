/**
 * Parses the values of options as ipvsadm does: with strtol, atoi, inet_aton and name lookups. Each
 * function returns undefined for invalid text. Texts have one character for each byte.
 */
import { AF_INET, AF_INET6, type Family, ipv4FromWord, parseAddress, parseIpv6 } from '../model/address';
import { isMulticast } from '../model/kernel-rules';
import { isWithin, limits } from '../model/limits';
import type { NameSource } from '../platform/names';

/**
 * Parses a decimal number as strtol does: white space and one sign may precede it, nothing may
 * follow.
 */
export function parseNumber(text: string, minimum: number, maximum: number): number | undefined {
  if (!/^[ \t\n\v\f\r]*[+-]?[0-9]+$/.test(text)) return undefined;
  const value = Number(text.trim());
  return value >= minimum && value <= maximum ? value + 0 : undefined;
}

/**
 * Parses an IPv6 prefix length as atoi does: anything may follow the digits. Numbers above 128 are
 * invalid, including those that C wraps into the range (docs/compatibility.md, netmask-wrap).
 */
export function parsePrefixLength(text: string): number | undefined {
  const value = Number(/^[ \t\n\v\f\r]*[+-]?[0-9]+/.exec(text)?.[0] ?? 0);
  return isWithin(value, limits.prefixLength) ? value : undefined;
}

/**
 * Parses an IPv4 address as inet_aton does: one to four decimal, octal (0…) or hexadecimal (0x…)
 * parts, the last of which fills the remaining bytes. White space ends the address; what follows it
 * is ignored.
 */
export function parseInetAton(text: string): Uint8Array | undefined {
  const parts = /^[^ \t\n\v\f\r]*/.exec(text)![0].split('.');
  if (parts.length > 4) return undefined;
  let word = 0;
  for (const [index, part] of parts.entries()) {
    const value = parseCInteger(part);
    const last = index === parts.length - 1;
    if (value === undefined || value >= 2 ** (last ? 8 * (4 - index) : 8)) return undefined;
    word += last ? value : value * 2 ** (24 - 8 * index);
  }
  return ipv4FromWord(word);
}

function parseCInteger(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return Number.parseInt(text, 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9][0-9]*$/.test(text) ? Number(text) : undefined;
}

/**
 * Parses an IPv4 address in any form of inet_aton, else looks up the first IPv4 address of a host
 * name.
 */
export function parseIpv4OrName(text: string, names: NameSource): Uint8Array | undefined {
  return parseInetAton(text) ?? names.addressOfHost(text);
}

/** ADDRESS[:PORT]; `port` is absent if the text has none. */
export interface ParsedEndpoint {
  readonly family: Family;
  readonly address: Uint8Array;
  readonly port?: number;
}

/**
 * Parses ADDRESS[:PORT] of a virtual service or real server. An IPv6 address in brackets may have a
 * port. Any other text is split at its last colon, so that the port after a bracketed IPv4 address
 * or name is ignored, as in C.
 * @param protocol IP protocol number for service names; 0 has none.
 */
export function parseEndpoint(text: string, protocol: number, names: NameSource): ParsedEndpoint | undefined {
  if (/^[0-9]*$/.test(text)) return undefined;
  let inner = text;
  let bracketedPort: string | undefined;
  if (text.startsWith('[')) {
    const end = text.indexOf(']');
    if (end < 0 || text[end + 1] !== ':') return undefined;
    inner = text.slice(1, end);
    bracketedPort = text.slice(end + 2);
  }
  const ipv6 = parseIpv6(inner);
  if (ipv6) return withPort({ family: AF_INET6, address: ipv6 }, bracketedPort, protocol, names);
  const colon = inner.lastIndexOf(':');
  const address = parseIpv4OrName(colon < 0 ? inner : inner.slice(0, colon), names);
  if (!address) return undefined;
  const port = colon < 0 ? undefined : inner.slice(colon + 1);
  return withPort({ family: AF_INET, address }, port, protocol, names);
}

function withPort(
  endpoint: ParsedEndpoint,
  text: string | undefined,
  protocol: number,
  names: NameSource,
): ParsedEndpoint | undefined {
  if (text === undefined) return endpoint;
  const port = parseNumber(text, limits.port.min, limits.port.max) ?? names.portOfService(text, protocol);
  return port === undefined ? undefined : { ...endpoint, port };
}

/** Parses a multicast group: an address in ff00::/8, or in 224.0.0.0/4 in strict dotted decimal. */
export function parseMulticastGroup(text: string): Uint8Array | undefined {
  const address = parseAddress(text);
  return address && isMulticast(address) ? address : undefined;
}
