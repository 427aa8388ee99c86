/** The state of a table in terms of the model, whether read from a file or from the kernel. */
import { sameBytes } from '../../bytes/same-bytes';
import { formatEndpoint } from '../../format/endpoint';
import { AF_INET, addressWord } from '../../model/address';
import { nameOf } from '../../model/flag-names';
import type { RealServer, ServerKey } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import { protocols, type ServiceKey, type VirtualService } from '../../model/virtual-service';

/** A complete or partial table. Loading a state leaves the absent parts of the table unchanged. */
export interface TableState {
  /** A timeout of 0 is left unchanged. */
  readonly timeouts?: Timeouts | undefined;
  readonly daemons?: readonly SyncDaemon[] | undefined;
  readonly services?: readonly ServiceState[] | undefined;
}

/** A virtual service and its real servers. */
export interface ServiceState {
  readonly service: VirtualService;
  /** In the order in which they are added. */
  readonly servers: readonly RealServer[];
}

/**
 * The most services and real servers that are read from a file: a larger table is taken for a
 * mistake.
 */
export const MAX_ENTRIES = 1_000_000;

export const TOO_MANY_ENTRIES = `more than ${MAX_ENTRIES} services and real servers`;

/** A complete table. */
export type WholeState = Required<{ [K in keyof TableState]: NonNullable<TableState[K]> }>;

/**
 * The unique name of a service in messages and --only: `tcp:192.0.2.10:80`, `fwmark:7`,
 * `fwmark:7:ipv6`.
 */
export function serviceName(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark:${key.fwmark}${key.family === AF_INET ? '' : ':ipv6'}`;
  return `${nameOf(protocols, key.protocol) ?? key.protocol}:${formatEndpoint(key, 0, undefined)}`;
}

/**
 * The name of a real server in messages, unique within its service: `10.0.0.17:80`,
 * `[2001:db8::7]:80`.
 */
export function serverName(key: ServerKey): string {
  return formatEndpoint(key, 0, undefined);
}

/**
 * What identifies a real server within its service, in memory: a number if possible, because a name
 * takes longer to make and to look up.
 */
export function serverIdentity(key: ServerKey): number | string {
  return key.family === AF_INET ? addressWord(key.address, 0) * 0x10000 + key.port : serverName(key);
}

/** Whether two real servers have the same identity. */
export function sameIdentity(a: ServerKey, b: ServerKey): boolean {
  return a.port === b.port && a.family === b.family && sameBytes(a.address, b.address);
}
