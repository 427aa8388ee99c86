/**
 * Writes state documents (docs/state.md): each service and each real server on a line, for
 * comparison by line.
 */
import { asciiJson } from '../../bytes/unicode';
import type { Connection } from '../../format/connections';
import type { ServiceEntry, StateParts } from '../table/listed-state';
import { connectionFields } from './connection-fields';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { STATE_FORMAT, STATE_VERSION } from './types';
import { writeFields } from './write-fields';

/**
 * Returns the text of a document, piece by piece.
 * @param counters whether counters are written too: listings have them, snapshots do not.
 */
export function* writeState(parts: StateParts, counters: boolean): Generator<string, void> {
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
    yield* list('  ', parts.services, (entry) => writeService(entry, counters));
  }
  yield '\n}\n';
}

/** Returns the line of a connection. */
export function writeConnection(connection: Connection): string {
  return `${asciiJson(writeFields(connectionFields, connection, true))}\n`;
}

function* writeService({ service, servers }: ServiceEntry, counters: boolean): Generator<string, void> {
  const text = asciiJson(writeFields(serviceFields, service, counters));
  yield `${text.slice(0, -1)},"servers":`;
  yield* list('    ', servers, (server) => [asciiJson(writeFields(serverFields, server, counters))]);
  yield '}';
}

/** A list with an item on each line. */
export function* list<T>(
  indent: string,
  items: Iterable<T>,
  write: (item: T) => Iterable<string>,
): Generator<string, void> {
  let separator = '[';
  for (const item of items) {
    yield `${separator}\n${indent}  `;
    yield* write(item);
    separator = ',';
  }
  yield separator === '[' ? '[]' : `\n${indent}]`;
}
