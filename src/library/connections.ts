/** The connection table, one connection at a time: a table of a million needs no more memory. */
import { closeSync, openSync, readSync } from 'node:fs';
import { LineCutter } from '../bytes/line-cutter';
import { type Connection, parseConnection } from '../format/connections';
import {
  type ConnectionQuery,
  isAsked,
  type Network,
  parseNetwork,
  parseTarget,
  type Target,
} from '../live/connection-query';
import { scanner } from '../live/scan-connections';
import type { UsualConnection } from '../live/usual-connection';
import { connectionFields } from '../state/document/connection-fields';
import type { ConnectionDocument } from '../state/document/types';
import { writeFields } from '../state/document/write-fields';
import { checkSettings, shown, unknownName } from './settings';

/** Which connections are asked for: those that fit each part that is given, and one text of its list. */
export interface ConnectionFilter {
  /** Addresses and networks of clients: `192.0.2.7`, `2001:db8::/32`. */
  readonly client?: string | readonly string[] | undefined;
  /** Virtual services: `192.0.2.10:80`, `[2001:db8::10]:80`; without a port, every port. */
  readonly service?: string | readonly string[] | undefined;
  /** Real servers, written as services are. */
  readonly server?: string | readonly string[] | undefined;
  /** Such as `ESTABLISHED`; in capital letters or not. */
  readonly state?: string | readonly string[] | undefined;
  readonly protocol?: ConnectionProtocol | readonly ConnectionProtocol[] | undefined;
  /** Seconds until a connection expires: this many or more. */
  readonly expiresFrom?: number | undefined;
  /** This many or less. */
  readonly expiresTo?: number | undefined;
}

/** `ip`: the persistence template of a firewall mark. */
export type ConnectionProtocol = 'tcp' | 'udp' | 'sctp' | 'ip';

const protocolNames: readonly string[] = ['tcp', 'udp', 'sctp', 'ip'] satisfies ConnectionProtocol[];

/**
 * Yields the connections of a table that a filter asks for, while it is read: usual lines without the
 * detour by text, those of a block together.
 * @param blocks the text of /proc/net/ip_vs_conn; each block is valid until the next.
 */
export function* filteredConnections(
  blocks: Iterable<Uint8Array>,
  query: ConnectionQuery,
): Generator<ConnectionDocument, void> {
  let found: ConnectionDocument[] = [];
  const take = scanner(query, (line) => found.push(usualDocument(line)));
  const add = (line: string) => {
    const connection = parseConnection(line);
    if (connection && isAsked(query, connection)) found.push(documentOf(connection));
  };
  const cutter = new LineCutter();
  let titled = false;
  for (const block of blocks) {
    for (const line of cutter.cut(block, (bytes, from) => (titled ? take(bytes, from) : from))) {
      if (titled) add(line);
      titled = true;
    }
    const ready = found;
    found = [];
    yield* ready;
  }
  add(cutter.rest());
  yield* found;
}

/** As the fields of connections say, without looking at them. */
export function documentOf(connection: Connection): ConnectionDocument {
  return writeFields(connectionFields, connection, true) as unknown as ConnectionDocument;
}

/** Fast path of `documentOf`. Held equal to it by test/library/connections.test.ts. */
function usualDocument({ protocol, addresses, ports, state, seconds }: UsualConnection): ConnectionDocument {
  const end = (at: number) => ({ address: dotted(addresses[at]!), port: ports[at]! });
  return {
    protocol: protocol === 'TCP' ? 'tcp' : 'udp',
    client: end(0),
    virtual: end(1),
    server: end(2),
    state,
    expires: seconds,
  };
}

function dotted(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** @throws TypeError or RangeError for what is not a filter. */
export function toQuery(filter: ConnectionFilter): ConnectionQuery {
  checkSettings('a filter of connections', filter, {
    client: anything,
    service: anything,
    server: anything,
    state: anything,
    protocol: anything,
    expiresFrom: seconds,
    expiresTo: seconds,
  });
  return {
    clients: each('client', filter.client, parseNetwork, NETWORK),
    services: each('service', filter.service, parseTarget, ENDPOINT),
    servers: each('server', filter.server, parseTarget, ENDPOINT),
    states: each('state', filter.state, (text) => text.toUpperCase(), 'a state'),
    protocols: each('protocol', filter.protocol, protocolOf, ''),
    expiresFrom: filter.expiresFrom ?? 0,
    expiresTo: filter.expiresTo ?? Number.POSITIVE_INFINITY,
  };
}

const NETWORK = 'an address, or a network such as 192.0.2.0/24';
const ENDPOINT = 'an address, or an address with a port, such as 10.0.0.17:80 or [2001:db8::17]:80';

function anything(): undefined {}

function seconds(value: unknown): string | undefined {
  const fits = value === undefined || (typeof value === 'number' && value >= 0);
  return fits ? undefined : 'a number of seconds';
}

function protocolOf(text: string): string {
  if (!protocolNames.includes(text)) {
    throw new TypeError(unknownName(shown(text), 'not a protocol of connections', protocolNames));
  }
  return text.toUpperCase();
}

/** The values of one text or of several. */
function each<T extends Network | Target | string>(
  part: string,
  given: string | readonly string[] | undefined,
  parse: (text: string) => T | undefined,
  wanted: string,
): T[] {
  const texts = given === undefined ? [] : typeof given === 'string' ? [given] : [...given];
  return texts.map((text) => {
    const value = typeof text === 'string' ? parse(text) : undefined;
    if (value === undefined) throw new TypeError(`${part}: ${shown(text)}: must be ${wanted}`);
    return value;
  });
}

const CONNECTIONS_FILE = '/proc/net/ip_vs_conn';
const BLOCK = 64 * 1024;

/** The kernel's file, block by block. @throws the error of Node if it cannot be read. */
export function* connectionTable(): Generator<Uint8Array, void> {
  const descriptor = openSync(CONNECTIONS_FILE, 'r');
  try {
    const buffer = new Uint8Array(BLOCK);
    for (;;) {
      const length = readSync(descriptor, buffer);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
