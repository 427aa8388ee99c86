/** What is true of the table and of its owners once changes were sent. */
import type { Change } from '../model/change';
import type { RealServer } from '../model/real-server';
import type { VirtualService } from '../model/virtual-service';
import type { ServiceState } from '../state/table/table-state';
import { serverName } from '../state/table/table-state';
import type { Keeping } from './keeping';
import type { Owned } from './ownership';
import { type Sending, serviceOf } from './send';

export interface AfterSending {
  readonly owned: Owned;
  /** The services of which nothing was refused. */
  readonly clean: readonly string[];
  /** The servers of others that were removed from a service. */
  readonly strangers: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Brings what is kept of the services to what the kernel has acknowledged. */
export function afterSending(
  { made, refused, failure }: Sending,
  owned: Owned,
  live: ReadonlyMap<string, ServiceState>,
  keeping: Keeping,
): AfterSending {
  const now = new Map<string, ChangedService>();
  const ours = new Map(owned);
  /** The servers that were removed, by their services. */
  const gone = new Map<string, Set<string>>();
  const doubtful = new Set(refused.map(({ planned }) => serviceOf(planned)));
  const touched = new Set<string>();
  for (const { planned, certain } of made) {
    const id = serviceOf(planned);
    touched.add(id);
    if (!certain) {
      doubtful.add(id);
      continue;
    }
    const { change } = planned;
    const service = now.get(id) ?? new ChangedService(live.get(id));
    now.set(id, service);
    service.make(change);
    if (change.kind === 'delete-service') ours.delete(id);
    if (change.kind === 'delete-server') note(gone, id, serverName(change.server));
  }
  const strangers = new Map<string, Set<string>>();
  for (const [id, names] of gone) {
    for (const name of names) if (keeping.get(id)?.strangers.has(name)) note(strangers, id, name);
    const own = ours.get(id);
    if (own) ours.set(id, new Set([...own].filter((name) => !names.has(name))));
  }
  const different = made.some(
    ({ planned: { change } }) => change.kind === 'delete-service' || change.kind === 'delete-server',
  );
  for (const id of new Set([...live.keys(), ...touched])) {
    const kept = keeping.get(id);
    if (!kept) continue;
    kept.live = now.has(id) ? now.get(id)!.state : live.get(id);
    // After a failure nobody knows what was carried out.
    kept.trusted = !doubtful.has(id) && failure === undefined;
  }
  const clean = [...touched].filter((id) => !doubtful.has(id));
  return { owned: different ? ours : owned, clean, strangers };
}

/** A service, and what it is after changes of it: however many real servers it has, each costs the same. */
class ChangedService {
  #service: VirtualService | undefined;
  /** By their keys. */
  readonly #servers: Map<string, RealServer>;

  constructor(live: ServiceState | undefined) {
    this.#service = live?.service;
    this.#servers = new Map(live?.servers.map((server) => [serverName(server), server]));
  }

  get state(): ServiceState | undefined {
    return this.#service && { service: this.#service, servers: [...this.#servers.values()] };
  }

  make(change: Change): void {
    switch (change.kind) {
      case 'add-service':
      case 'edit-service':
        this.#service = change.service;
        break;
      case 'delete-service':
        this.#service = undefined;
        this.#servers.clear();
        break;
      case 'add-server':
      case 'edit-server':
        this.#servers.set(serverName(change.server), change.server);
        break;
      case 'delete-server':
        this.#servers.delete(serverName(change.server));
        break;
    }
  }
}

function note(notes: Map<string, Set<string>>, id: string, name: string): void {
  const names = notes.get(id);
  if (names) names.add(name);
  else notes.set(id, new Set([name]));
}
