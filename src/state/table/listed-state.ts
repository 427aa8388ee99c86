/**
 * A table as the kernel lists it: with counters, and with attributes that this version does not
 * know.
 */
import type { ListedServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../../model/table';
import type { ListedService } from '../../model/virtual-service';

export interface MaybeUnknown {
  /** The payloads of attributes that this version does not know, by type. */
  readonly unknown?: ReadonlyMap<number, Uint8Array> | undefined;
}

type ListedServers = readonly (ListedServer & MaybeUnknown)[];

/** A service with its real servers, in the order in which a document lists them. */
export interface ServiceEntry<Servers = ListedServers> {
  readonly service: ListedService & MaybeUnknown;
  readonly servers: Servers;
}

/**
 * The parts of a state document; absent ones are omitted. Services may be fetched while they are
 * written.
 */
export interface StateParts<Servers = ListedServers> {
  readonly kernel?: IpvsInfo;
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly (SyncDaemon & MaybeUnknown)[];
  readonly services?: Iterable<ServiceEntry<Servers>>;
}

/** A listed table in memory; absent parts are not part of the state. */
export interface ListedState extends StateParts {
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly SyncDaemon[];
  readonly services?: readonly ServiceEntry[];
}
