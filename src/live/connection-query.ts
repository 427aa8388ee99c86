/** Which connections are asked for. */
import type { Connection } from '../format/connections';
import { formatEndpoint } from '../format/endpoint';
import { inSubnet, parseAddress } from '../model/address';
import { U16_MAX } from '../model/limits';

/** The addresses that begin with the first `prefix` bits of an address. */
export interface Network {
  readonly address: Uint8Array;
  readonly prefix: number;
}

/** An address, and a port if one is given. */
export interface Target {
  readonly address: Uint8Array;
  readonly port: number | undefined;
}

/** What a connection has to be: one of each list that is not empty. */
export interface ConnectionQuery {
  readonly clients: readonly Network[];
  readonly services: readonly Target[];
  readonly servers: readonly Target[];
  /** In capital letters, as the kernel's. */
  readonly states: readonly string[];
  /** In capital letters, as the kernel's. */
  readonly protocols: readonly string[];
  /** Bounds of the seconds until it expires. */
  readonly expiresFrom: number;
  readonly expiresTo: number;
}

/** Whether a connection is asked for. */
export function isAsked(query: ConnectionQuery, connection: Connection): boolean {
  const { client, virtual, destination, state, protocol, seconds } = connection;
  return (
    any(query.clients, (network) => inSubnet(client.address, network.address, network.prefix)) &&
    any(query.services, (target) => isTarget(virtual, target)) &&
    any(query.servers, (target) => isTarget(destination, target)) &&
    any(query.states, (each) => each === state) &&
    any(query.protocols, (each) => each === protocol) &&
    seconds >= query.expiresFrom &&
    seconds <= query.expiresTo
  );
}

/** Whether one of `wanted` is it; if nothing is wanted, everything is. */
export function any<T>(wanted: readonly T[], isIt: (one: T) => boolean): boolean {
  return wanted.length === 0 || wanted.some(isIt);
}

/** Whether an endpoint has the address, and the port if one is wanted. */
export function isTarget(
  { address, port }: { readonly address: Uint8Array; readonly port: number },
  wanted: Target,
): boolean {
  const samePort = wanted.port === undefined || wanted.port === port;
  return samePort && inSubnet(address, wanted.address, 8 * address.length);
}

/** '192.0.2.7', '192.0.2.0/24', '2001:db8::/32'; undefined if it is none of them. */
export function parseNetwork(text: string): Network | undefined {
  const [, name, digits] = /^([^/]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  const address = name === undefined ? undefined : parseAddress(name);
  if (!address) return undefined;
  const prefix = digits === undefined ? 8 * address.length : Number(digits);
  return prefix > 8 * address.length ? undefined : { address, prefix };
}

/** '10.0.0.17', '10.0.0.17:80', '2001:db8::17', '[2001:db8::17]:80'; undefined if it is none of them. */
export function parseTarget(text: string): Target | undefined {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]]+)\]|([^[\]:]+))(?::([0-9]{1,5}))?$/.exec(text) ?? [];
  const address = parseAddress(inBrackets ?? plain ?? text);
  const port = digits === undefined ? undefined : Number(digits);
  if (!address || (port !== undefined && port > U16_MAX)) return undefined;
  return { address, port };
}

/** What connections are counted by. */
export const summaryKeys = {
  client: ({ client }) => formatEndpoint(client, 0, undefined).replace(/:[0-9]+$/, ''),
  server: ({ destination }) => formatEndpoint(destination, 0, undefined),
  state: ({ state }) => state,
  service: ({ protocol, virtual }) => `${protocol.toLowerCase()}:${formatEndpoint(virtual, 0, undefined)}`,
} as const satisfies Readonly<Record<string, (connection: Connection) => string>>;

export type SummaryKey = keyof typeof summaryKeys;
