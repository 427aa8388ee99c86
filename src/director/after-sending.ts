/** What is true of the table and of its owners once changes were sent. */
import type { Change } from '../model/change';
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
  readonly strangers: ReadonlyMap<string, readonly string[]>;
}

/** Brings what is kept of the services to what the kernel has acknowledged. */
export function afterSending(
  { made, refused, failure }: Sending,
  owned: Owned,
  live: ReadonlyMap<string, ServiceState>,
  keeping: Keeping,
): AfterSending {
  const now = new Map<string, ServiceState | undefined>(live);
  const ours = new Map(owned);
  const strangers = new Map<string, string[]>();
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
    now.set(id, changed(now.get(id), change));
    if (change.kind === 'delete-service') ours.delete(id);
    if (change.kind !== 'delete-server') continue;
    const name = serverName(change.server);
    if (keeping.get(id)?.strangers.has(name)) strangers.set(id, [...(strangers.get(id) ?? []), name]);
    const own = ours.get(id);
    if (own?.has(name)) ours.set(id, new Set([...own].filter((other) => other !== name)));
  }
  const different = made.some(
    ({ planned: { change } }) => change.kind === 'delete-service' || change.kind === 'delete-server',
  );
  for (const id of new Set([...live.keys(), ...touched])) {
    const kept = keeping.get(id);
    if (!kept) continue;
    kept.live = now.get(id);
    // After a failure nobody knows what was carried out.
    kept.trusted = !doubtful.has(id) && failure === undefined;
  }
  const clean = [...touched].filter((id) => !doubtful.has(id));
  return { owned: different ? ours : owned, clean, strangers };
}

/** A service after a change of it. */
function changed(state: ServiceState | undefined, change: Change): ServiceState | undefined {
  switch (change.kind) {
    case 'add-service':
    case 'edit-service':
      return { service: change.service, servers: state?.servers ?? [] };
    case 'delete-service':
      return undefined;
    case 'add-server':
      return state && { ...state, servers: [...state.servers, change.server] };
    case 'edit-server':
    case 'delete-server': {
      const name = serverName(change.server);
      const others = state?.servers.filter((server) => serverName(server) !== name) ?? [];
      const servers = change.kind === 'edit-server' ? [...others, change.server] : others;
      return state && { ...state, servers };
    }
    default:
      return state;
  }
}
