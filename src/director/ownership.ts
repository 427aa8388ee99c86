/**
 * Which services and real servers of the table are ours. The kernel keeps no owner of an entry: a
 * record does, which is written before the change that it is of. So it may name more than there is,
 * never less.
 */
import type { DirectorService } from '../model/director';
import type { RealServer } from '../model/real-server';
import { serviceFlags } from '../model/virtual-service';
import type { PlannedChange } from '../state/plan/diff';
import { sameServer, sameService } from '../state/table/equality';
import { type ServiceState, serverName } from '../state/table/table-state';
import { serviceOf } from './send';

/** The real servers of each of our services, by their keys. */
export type Owned = ReadonlyMap<string, ReadonlySet<string>>;

/** What a service of the document is to us: ours already, to be taken, or of others. */
export type Claim = { readonly kind: 'ours' | 'absent' | 'taken' } | Conflict;

export interface Conflict {
  readonly kind: 'conflict';
  /** How the table's differs from the document's. */
  readonly difference: string;
}

/**
 * Judges a service of the document. One that others made is taken if it is equal but for weights.
 * @param live undefined: it is not in the table.
 */
export function claim(
  service: DirectorService,
  live: ServiceState | undefined,
  isOurs: boolean,
  takeOver: boolean,
): Claim {
  if (isOurs) return { kind: 'ours' };
  if (!live) return { kind: 'absent' };
  const difference = takeOver ? undefined : differenceOf(service, live);
  return difference === undefined ? { kind: 'taken' } : { kind: 'conflict', difference };
}

function differenceOf(service: DirectorService, live: ServiceState): string | undefined {
  if (!sameService(live.service, service.service)) return serviceDifference(service, live);
  const there = new Map(live.servers.map((server) => [serverName(server), server]));
  for (const { server } of service.servers) {
    const name = serverName(server);
    const was = there.get(name);
    there.delete(name);
    if (!was && !mayLack(service)) return `${name} is not in the table`;
    if (was && !sameServer({ ...was, weight: server.weight }, server)) {
      return `${name} has other settings in the table`;
    }
  }
  if (service.sorry) there.delete(serverName(service.sorry));
  const [other] = there.keys();
  return other === undefined || service.owner === 'shared' ? undefined : `${other} is not in the document`;
}

/** Whether this director itself takes servers out of the table. */
function mayLack({ onFail, removeAfter, owner }: DirectorService): boolean {
  return onFail === 'remove' || removeAfter !== undefined || owner === 'shared';
}

function serviceDifference({ service }: DirectorService, live: ServiceState): string {
  const fields = ['scheduler', 'flags', 'timeout', 'netmask', 'persistenceEngine'] as const;
  // The kernel sets a flag of its own.
  const there = { ...live.service, flags: live.service.flags & ~serviceFlags.hashed };
  const wanted = { ...service, flags: service.flags & ~serviceFlags.hashed };
  const differing = fields.filter((field) => there[field] !== wanted[field]);
  return differing
    .map((field) => `${field} is '${there[field]}' in the table, '${wanted[field]}' in the document`)
    .join('; ');
}

/** The record with these servers of a service added. */
export function withOwned(owned: Owned, id: string, servers: Iterable<string>): Owned {
  return new Map(owned).set(id, new Set([...(owned.get(id) ?? []), ...servers]));
}

/** A real server of one of our services that the document does not have. */
export interface Surplus {
  readonly server: RealServer;
  /** ours: the document had it; others': somebody added it. */
  readonly of: 'ours' | 'others';
}

/** The real servers in the table that a service does not have, and whose they are. */
export function surplusOf(
  service: DirectorService | undefined,
  live: ServiceState,
  owned: ReadonlySet<string>,
): Surplus[] {
  const known = new Set(service?.servers.map(({ server }) => serverName(server)));
  if (service?.sorry) known.add(serverName(service.sorry));
  return live.servers
    .filter((server) => !known.has(serverName(server)))
    .map((server) => ({ server, of: owned.has(serverName(server)) ? 'ours' : 'others' }));
}

/** The record that names what a plan adds. */
export function ownedBefore(owned: Owned, plan: readonly PlannedChange[]): Owned {
  const added = new Map<string, Set<string>>();
  for (const planned of plan) {
    const { change } = planned;
    if (change.kind !== 'add-service' && change.kind !== 'add-server') continue;
    const id = serviceOf(planned);
    const servers = added.get(id) ?? new Set<string>();
    if (change.kind === 'add-server') servers.add(serverName(change.server));
    added.set(id, servers);
  }
  const missing = [...added].filter(([id, servers]) => {
    const own = owned.get(id);
    return !own || [...servers].some((server) => !own.has(server));
  });
  if (missing.length === 0) return owned;
  const all = new Map(owned);
  for (const [id, servers] of missing) all.set(id, new Set([...(owned.get(id) ?? []), ...servers]));
  return all;
}
