/** A table as the kernel lists it: entries with their counters, and with the attributes that this version does not know. */
import type { ListedServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { IpvsInfo, Timeouts } from '../../model/table';
import type { ListedService } from '../../model/virtual-service';

export interface MaybeUnknown {
  readonly unknown?: ReadonlyMap<number, Uint8Array> | undefined;
}

/** A service with its real servers, in the order in which they are written. */
export interface ServiceEntry {
  readonly service: ListedService & MaybeUnknown;
  readonly servers: readonly (ListedServer & MaybeUnknown)[];
}

/** What a document is made of; what is absent is left out. Services may be fetched while they are written. */
export interface StateParts {
  readonly kernel?: IpvsInfo;
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly (SyncDaemon & MaybeUnknown)[];
  readonly services?: Iterable<ServiceEntry>;
}

/** What is absent is not spoken of. */
export interface ListedState extends StateParts {
  readonly timeouts?: Timeouts;
  readonly daemons?: readonly SyncDaemon[];
  readonly services?: readonly ServiceEntry[];
}
