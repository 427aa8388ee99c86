/**
 * What is wrong with ADDRESS[:PORT] in a subcommand, and what would be right. Stricter than
 * `parseEndpoint`, which takes what C takes: nothing is ignored here, and what looks like an address
 * is never looked up as a name.
 */
import { parseIpv6 } from '../model/address';
import { limits } from '../model/limits';
import { protocols } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { parseInetAton } from './values';

const EXAMPLE = 'give an address such as 192.0.2.10:80 or [2001:db8::1]:80';

/**
 * The problem of an endpoint as `fault: remedy`; undefined if there is none.
 * @param protocol IP protocol number for service names.
 * @throws NameNeeded.
 */
export function endpointProblem(text: string, protocol: number, names: NameSource): string | undefined {
  if (text === '') return `is empty: ${EXAMPLE}`;
  if (/[ \t\n\v\f\r]/.test(text)) return `has a space: ${EXAMPLE}`;
  if (/^[0-9]+$/.test(text)) return `has no address: ${EXAMPLE}`;
  if (text.startsWith('[')) return bracketedProblem(text, protocol, names);
  if (/[[\]]/.test(text)) return `has a stray bracket: ${EXAMPLE}`;
  if (parseIpv6(text)) return undefined;
  if (text.split(':').length > 2) return ipv6Problem(text);
  const [host = '', port] = text.split(':');
  return hostProblem(host, names) ?? (port === undefined ? undefined : portProblem(port, protocol, names));
}

/**
 * What an IPv6 address without brackets would be if its last group were a port:
 * `[2001:db8::1]:80` for `2001:db8::1:80`; undefined if it cannot be read so.
 */
export function withBrackets(text: string): string | undefined {
  const [, address = '', port = ''] = /^([^[]*):([0-9]+)$/.exec(text) ?? [];
  // Three colons are a slip of the finger rather than a port.
  if (address.endsWith('::') && address !== '::') return undefined;
  return parseIpv6(address) && Number(port) <= limits.port.max ? `[${address}]:${port}` : undefined;
}

function bracketedProblem(text: string, protocol: number, names: NameSource): string | undefined {
  const [, address = '', after] = /^\[([^\]]*)(?:\](.*))?$/s.exec(text)!;
  if (after === undefined) return 'the bracket is not closed: write [2001:db8::1]:80';
  if (!parseIpv6(address)) {
    return parseInetAton(address)
      ? `only an IPv6 address has brackets: write ${address}${after}`
      : `'${address}' is not an IPv6 address: write one such as [2001:db8::1]:80`;
  }
  if (after === '') return `has brackets but no port: write [${address}]:80, or ${address}`;
  if (!after.startsWith(':')) return `'${after}' after the bracket is not a port: write [${address}]:80`;
  return portProblem(after.slice(1), protocol, names);
}

function ipv6Problem(text: string): string {
  const bracketed = withBrackets(text);
  if (bracketed) return `an IPv6 address with a port needs brackets: ${bracketed}`;
  return 'is not an IPv6 address: write one such as 2001:db8::1, with a port [2001:db8::1]:80';
}

function hostProblem(host: string, names: NameSource): string | undefined {
  if (host === '') return `has no address: ${EXAMPLE}`;
  if (parseInetAton(host)) return undefined;
  if (/^[0-9.]+$/.test(host)) {
    return `'${host}' is not an IPv4 address: it has four numbers from 0 to 255, as in 192.0.2.10`;
  }
  return names.addressOfHost(host) ? undefined : `no IPv4 address is known for host '${host}': ${EXAMPLE}`;
}

function portProblem(port: string, protocol: number, names: NameSource): string | undefined {
  const { min, max } = limits.port;
  const remedy = `give a number from ${min} to ${max}`;
  if (port === '') return `the port is missing after the colon: ${remedy}`;
  if (/^[0-9]+$/.test(port)) return Number(port) <= max ? undefined : `port ${port} is too large: ${remedy}`;
  if (/^[+-]?[0-9]+$/.test(port)) return `'${port}' is not a port: ${remedy}`;
  if (names.portOfService(port, protocol) !== undefined) return undefined;
  const name = Object.entries(protocols).find(([, number]) => number === protocol)?.[0] ?? 'tcp';
  return `no port is known by the name '${port}' for ${name}: ${remedy}`;
}
