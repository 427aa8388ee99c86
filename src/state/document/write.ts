/** Writes state documents: docs/state.md. A line for each service and each real server, so that they can be compared. */
import { toHex } from '../../bytes/byte-text';
import { asciiJson } from '../../bytes/unicode';
import type { Connection } from '../../format/connections';
import type { MaybeUnknown, ServiceEntry, StateParts } from '../table/listed-state';
import { connectionFields } from './connection-fields';
import type { Field } from './field';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, kernelFields, timeoutFields } from './table-fields';
import { STATE_FORMAT, STATE_VERSION, type UnknownAttributes } from './types';

/**
 * The text of a document, piece by piece.
 * @param counters whether counters are written too: listings have them, snapshots do not.
 */
export function* writeState(parts: StateParts, counters: boolean): Generator<string, void> {
  yield `{\n  "format": "${STATE_FORMAT}",\n  "version": ${STATE_VERSION}`;
  if (parts.kernel) yield `,\n  "kernel": ${asciiJson(toObject(kernelFields, parts.kernel, counters))}`;
  if (parts.timeouts)
    yield `,\n  "timeouts": ${asciiJson(toObject(timeoutFields, parts.timeouts, counters))}`;
  if (parts.daemons) {
    yield ',\n  "daemons": ';
    yield* list('  ', parts.daemons, (daemon) => [
      asciiJson(toObject(daemonFields, withUnknown(daemon), counters)),
    ]);
  }
  if (parts.services) {
    yield ',\n  "services": ';
    yield* list('  ', parts.services, (entry) => writeService(entry, counters));
  }
  yield '\n}\n';
}

/** The line of a connection. */
export function writeConnection(connection: Connection): string {
  return `${asciiJson(toObject(connectionFields, connection, true))}\n`;
}

function* writeService({ service, servers }: ServiceEntry, counters: boolean): Generator<string, void> {
  const text = asciiJson(toObject(serviceFields, withUnknown(service), counters));
  yield `${text.slice(0, -1)},"servers":`;
  yield* list('    ', servers, (server) => [
    asciiJson(toObject(serverFields, withUnknown(server), counters)),
  ]);
  yield '}';
}

/** A list with an item on each line. */
function* list<T>(
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

/** The object that `fields` make of `source`; a dot in a field's name stands for an object in it. */
export function toObject<S>(
  fields: readonly Field<S>[],
  source: S,
  counters: boolean,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.counter && !counters) continue;
    const value = field.of(source);
    if (value === undefined) continue;
    const dot = field.name.indexOf('.');
    if (dot < 0) {
      object[field.name] = value;
      continue;
    }
    const outer = field.name.slice(0, dot);
    object[outer] ??= {};
    (object[outer] as Record<string, unknown>)[field.name.slice(dot + 1)] = value;
  }
  return object;
}

type WithUnknown<T> = Omit<T, 'unknown'> & { readonly unknown?: UnknownAttributes | undefined };

function withUnknown<T extends MaybeUnknown>(entry: T): WithUnknown<T> {
  const { unknown } = entry;
  if (!unknown || unknown.size === 0) return { ...entry, unknown: undefined };
  const attributes = [...unknown].map(([number, payload]) => [number, toHex(payload)]);
  return { ...entry, unknown: Object.fromEntries(attributes) as UnknownAttributes };
}
