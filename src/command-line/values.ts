/**
 * The values of options as ipvsadm reads them: C's strtol and atoi, inet_aton, names. Each function returns
 * undefined for a text that it refuses. Texts hold one character a byte.
 */
import { AF_INET, AF_INET6, type Family, ipv4FromWord, parseAddress, parseIpv6 } from '../model/address';
import type { NameSource } from '../platform/names';

/** A decimal number as strtol reads a whole text: leading white space and one sign may stand before it. */
export function parseNumber(text: string, minimum: number, maximum: number): number | undefined {
  if (!/^[ \t\n\v\f\r]*[+-]?[0-9]+$/.test(text)) return undefined;
  const value = Number(text.trim());
  return value >= minimum && value <= maximum ? value + 0 : undefined;
}

/**
 * An IPv6 prefix length as atoi reads it: the digits at the start, whatever follows. Numbers beyond 128 are
 * refused, also those that C wraps into the range (docs/compatibility.md, netmask-wrap).
 */
export function parsePrefixLength(text: string): number | undefined {
  const value = Number(/^[ \t\n\v\f\r]*[+-]?[0-9]+/.exec(text)?.[0] ?? 0);
  return value >= 1 && value <= 128 ? value : undefined;
}

/**
 * inet_aton: one to four parts, decimal, octal (0...) or hexadecimal (0x...), the last of which fills the bytes
 * that are left. White space ends the address; what follows it is ignored.
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

/** An IPv4 address in any of inet_aton's forms, else the first IPv4 address of a host name. */
export function parseIpv4OrName(text: string, names: NameSource): Uint8Array | undefined {
  return parseInetAton(text) ?? names.addressOfHost(text);
}

/** ADDRESS[:PORT]; `port` is absent when the text names none. */
export interface ParsedEndpoint {
  readonly family: Family;
  readonly address: Uint8Array;
  readonly port?: number;
}

/**
 * ADDRESS[:PORT] of a virtual service or real server. Service names are those of `protocol` (an IP protocol
 * number; 0 knows none). In brackets an IPv6 address may have a port; anything else splits at its last colon,
 * which for a bracketed IPv4 address or name means that the port behind the bracket is lost.
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
  const port = parseNumber(text, 0, 65535) ?? names.portOfService(text, protocol);
  return port === undefined ? undefined : { ...endpoint, port };
}

/** A multicast group: an IPv6 address in ff00::/8, or a dotted quad in 224.0.0.0/4. */
export function parseMulticastGroup(text: string): Uint8Array | undefined {
  const address = parseAddress(text);
  if (!address) return undefined;
  const multicast = address.length === 16 ? address[0] === 0xff : address[0]! >> 4 === 0xe;
  return multicast ? address : undefined;
}
