/**
 * Writes state documents (docs/state.md): each service and each real server on a line, for
 * comparison by line.
 */
import { asciiJson } from '../../bytes/unicode';
import type { Connection } from '../../format/connections';
import type { ListedServer } from '../../model/real-server';
import type { MaybeUnknown, ServiceEntry, StateParts } from '../table/listed-state';
import { connectionFields } from './connection-fields';
import { serverLines } from './fast-server-lines';
import { plainServer } from './plain-server';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { STATE_FORMAT, STATE_VERSION } from './types';
import { writeFields } from './write-fields';

/**
 * Returns the text of a document, piece by piece.
 * @param counters whether counters are written too: listings have them, snapshots do not.
 */
export function writeState(parts: StateParts, counters: boolean): Generator<string, void> {
  return writeParts(parts, counters, (servers) =>
    list(SERVER_INDENT, servers, (server) => [writeServer(server, counters)]),
  );
}

export { serverLines };

/** The indentation of the list of a service's real servers. */
const SERVER_INDENT = '    ';

/** What stands before a real server on its line. @param first whether it is the first of its list. */
export function beforeServer(first: boolean): string {
  return beforeItem(first, SERVER_INDENT);
}

/** The end of a list of real servers. */
export function afterServers(count: number): string {
  return afterItems(count, SERVER_INDENT);
}

export function writeServer(server: ListedServer & MaybeUnknown, counters: boolean): string {
  return (counters ? undefined : plainServer(server)) ?? writeServerPlainly(server, counters);
}

/** Without the fast path. */
export function writeServerPlainly(server: ListedServer & MaybeUnknown, counters: boolean): string {
  return asciiJson(writeFields(serverFields, server, counters));
}

/**
 * As `writeState`, with the services' real servers in another form.
 * @param writeServers returns the text of the list of a service's real servers, piece by piece.
 */
export function* writeParts<Servers>(
  parts: StateParts<Servers>,
  counters: boolean,
  writeServers: (servers: Servers) => Iterable<string>,
): Generator<string, void> {
  yield `{\n  "format": "${STATE_FORMAT}",\n  "version": ${STATE_VERSION}`;
  if (parts.kernel) yield `,\n  "kernel": ${asciiJson(writeFields(kernelFields, parts.kernel, counters))}`;
  if (parts.timeouts)
    yield `,\n  "timeouts": ${asciiJson(writeFields(timeoutFields, parts.timeouts, counters))}`;
  if (parts.daemons) {
    yield ',\n  "daemons": ';
    yield* list('  ', parts.daemons, (daemon) => [asciiJson(writeFields(daemonFields, daemon, counters))]);
  }
  if (parts.services) {
    yield ',\n  "services": ';
    yield* list('  ', parts.services, (entry) => writeService(entry, counters, writeServers));
  }
  yield '\n}\n';
}

/** Returns the line of a connection. */
export function writeConnection(connection: Connection): string {
  return `${asciiJson(writeFields(connectionFields, connection, true))}\n`;
}

function* writeService<Servers>(
  { service, servers }: ServiceEntry<Servers>,
  counters: boolean,
  writeServers: (servers: Servers) => Iterable<string>,
): Generator<string, void> {
  const text = asciiJson(writeFields(serviceFields, service, counters));
  yield `${text.slice(0, -1)},"servers":`;
  yield* writeServers(servers);
  yield '}';
}

/** A list with an item on each line. */
export function* list<T>(
  indent: string,
  items: Iterable<T>,
  write: (item: T) => Iterable<string>,
): Generator<string, void> {
  let count = 0;
  for (const item of items) {
    yield beforeItem(count === 0, indent);
    yield* write(item);
    count += 1;
  }
  yield afterItems(count, indent);
}

function beforeItem(first: boolean, indent: string): string {
  return `${first ? '[' : ','}\n${indent}  `;
}

function afterItems(count: number, indent: string): string {
  return count === 0 ? '[]' : `\n${indent}]`;
}
