/**
 * The connection table (-L -c): parses the kernel's /proc/net/ip_vs_conn, formats ipvsadm's
 * listing.
 */
import { AF_INET, AF_INET6, type Family, ipv4FromWord, parseDottedQuad, parseIpv6 } from '../model/address';
import { protocols } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { left } from './columns';
import { formatListedEndpoint } from './endpoint';

interface Endpoint {
  readonly family: Family;
  readonly address: Uint8Array;
  readonly port: number;
}

/** One connection, or one persistence template. */
export interface Connection {
  /** The kernel's name of the protocol. */
  readonly protocol: string;
  readonly client: Endpoint;
  readonly virtual: Endpoint;
  readonly destination: Endpoint;
  readonly state: string;
  /** Seconds until it expires. */
  readonly seconds: number;
  readonly engine: string | undefined;
  readonly engineData: string | undefined;
}

/** The title lines of the listing. */
export function formatConnectionTitles(engineData: boolean): string {
  return (
    'IPVS connection entries\n' +
    'pro expire state       source             virtual            destination' +
    `${engineData ? '        pe name          pe_data' : ''}\n`
  );
}

/**
 * Parses a line of the kernel's file; undefined if fields are missing (ipvsadm then prints stale
 * memory).
 */
export function parseConnection(line: string): Connection | undefined {
  const fields = line.split(/[ \t\v\f\r]+/).filter((field) => field !== '');
  if (fields.length < 9) return undefined;
  const [protocol, from, fromPort, to, toPort, destination, destinationPort, state, seconds] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const family = from.includes(':') ? AF_INET6 : AF_INET;
  return {
    protocol,
    client: endpoint(family, from, fromPort),
    virtual: endpoint(family, to, toPort),
    destination: endpoint(destination.includes(':') ? AF_INET6 : AF_INET, destination, destinationPort),
    state,
    seconds: (Number.parseInt(seconds, 10) || 0) >>> 0,
    engine: fields[9],
    engineData: fields[10],
  };
}

/** The line of a connection. @param engineData whether to show persistence engine data, if any. */
export function formatConnection(
  connection: Connection,
  engineData: boolean,
  names: NameSource | undefined,
): string {
  const protocol = protocolNumbers.get(connection.protocol) ?? 0;
  const name = (endpoint: Endpoint) => formatListedEndpoint(endpoint, protocol, names);
  const cells = [
    left(connection.protocol, 3),
    left(formatExpiry(connection.seconds), 6),
    left(connection.state, 11),
    left(name(connection.client), 18),
    left(name(connection.virtual), 18),
    name(connection.destination),
  ];
  if (engineData && connection.engine !== undefined && connection.engineData !== undefined) {
    cells[5] = left(cells[5]!, 16); // narrower than its title, as in ipvsadm
    cells.push(left(connection.engine, 18), connection.engineData);
  }
  return `${cells.join(' ')}\n`;
}

const protocolNumbers = new Map<string, number>([
  ['TCP', protocols.tcp],
  ['UDP', protocols.udp],
  ['SCTP', protocols.sctp],
]);

/** Minutes and seconds, at least two digits each. */
function formatExpiry(seconds: number): string {
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(Math.floor(seconds / 60))}:${digits(seconds % 60)}`;
}

function endpoint(family: Family, address: string, port: string): Endpoint {
  return { family, address: parseKernelAddress(family, address), port: parseHex(port) & 0xffff };
}

/** Parses IPv6 text, dotted decimal, or (usually) eight hexadecimal digits. */
function parseKernelAddress(family: Family, text: string): Uint8Array {
  if (family === AF_INET6) return parseIpv6(text) ?? new Uint8Array(16);
  return parseDottedQuad(text) ?? ipv4FromWord(parseHex(text));
}

/** Parses as strtoul(3) in base 16 does: the digits at the start, wrapped to 32 bits. */
function parseHex(text: string): number {
  return Number(BigInt.asUintN(32, BigInt(`0x${/^(?:0[xX])?([0-9a-fA-F]+)/.exec(text)?.[1] ?? '0'}`)));
}
