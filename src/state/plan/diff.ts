/**
 * Plans the fewest changes from one table to another, in an order that does not disrupt clients.
 */

import type { Change } from '../../model/change';
import type { RealServer } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
import type { Path } from '../source/tree';
import { daemonMet, sameServer, sameService, timeoutsMet } from '../table/equality';
import {
  type ServiceState,
  sameIdentity,
  serverIdentity,
  serviceName,
  type TableState,
} from '../table/table-state';

/**
 * The phases of a plan, in order. Additions and edits come before deletions, so that a service
 * never lacks a real server that it should have, and so that a refusal occurs before anything is
 * deleted.
 */
export const phases = ['stop', 'build', 'remove', 'finish'] as const;
export type Phase = (typeof phases)[number];

/** A change of a plan, and what it changes. */
export interface PlannedChange {
  readonly phase: Phase;
  readonly change: Change;
  /** The previous value of an entry that is changed or deleted. */
  readonly was?: VirtualService | RealServer | SyncDaemon | Timeouts;
  /** The path in the wanted state document; absent for deletions. */
  readonly path?: readonly (string | number)[];
}

/** What a plan leaves as it is. */
export interface PlanOptions {
  /** Names of the services to change (`serviceName`); nothing else is touched. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Existing real servers keep their weights. */
  readonly keepWeights?: boolean;
}

/**
 * Returns the changes from `live` to `wanted`, in order. Parts that `wanted` omits are left alone.
 */
export function planChanges(
  live: TableState,
  wanted: TableState,
  options: PlanOptions = {},
): PlannedChange[] {
  const services = wanted.services ? planServices(live.services ?? [], wanted.services, options) : [];
  const rest = options.only ? [] : [...planTimeouts(live, wanted), ...planDaemons(live, wanted)];
  return inOrder([...services, ...rest]);
}

/** Brings changes into the order of the phases, in which most plans already are. */
function inOrder(planned: PlannedChange[]): PlannedChange[] {
  const [first] = planned;
  if (planned.every(({ phase }) => phase === first?.phase)) return planned;
  return phases.flatMap((phase) => planned.filter((change) => change.phase === phase));
}

function planServices(
  live: readonly ServiceState[],
  wanted: readonly ServiceState[],
  { only, keepWeights = false }: PlanOptions,
): PlannedChange[] {
  const former = new Map(live.map((entry) => [serviceName(entry.service.key), entry]));
  const added: PlannedChange[] = [];
  const changed: PlannedChange[] = [];
  for (const [index, entry] of wanted.entries()) {
    const name = serviceName(entry.service.key);
    if (only && !only.has(name)) continue;
    const path = ['services', index];
    const before = former.get(name);
    former.delete(name);
    // A service may have more real servers than a call may have arguments.
    if (before) for (const change of planService(before, entry, path, keepWeights)) changed.push(change);
    else planNewService(entry, path, added);
  }
  const deleted = [...former]
    .filter(([name]) => !only || only.has(name))
    .map(
      ([, { service }]): PlannedChange => ({
        phase: 'remove',
        change: { kind: 'delete-service', key: service.key },
        was: service,
      }),
    );
  return [...added, ...changed, ...deleted];
}

function planNewService({ service, servers }: ServiceState, path: Path, added: PlannedChange[]): void {
  added.push({ phase: 'build', change: { kind: 'add-service', service }, path });
  servers.forEach((server, index) => {
    added.push(addServer(service, server, [...path, 'servers', index]));
  });
}

function addServer({ key }: VirtualService, server: RealServer, path: Path): PlannedChange {
  return { phase: 'build', change: { kind: 'add-server', key, server }, path };
}

/**
 * Plans the changes of an existing service: new servers, higher weights, the rest, then deletions.
 */
function planService(
  before: ServiceState,
  { service, servers }: ServiceState,
  path: Path,
  keepWeights: boolean,
): PlannedChange[] {
  const { key } = service;
  const edited: PlannedChange[] = sameService(before.service, service)
    ? []
    : [{ phase: 'build', change: { kind: 'edit-service', service }, was: before.service, path }];
  const former = formerServers(before.servers, servers);
  const added: PlannedChange[] = [];
  const raised: PlannedChange[] = [];
  const others: PlannedChange[] = [];
  for (const [index, asked] of servers.entries()) {
    const was = former.take(index, asked);
    const place = () => [...path, 'servers', index];
    if (!was) {
      added.push(addServer(service, asked, place()));
      continue;
    }
    const server = keepWeights && asked.weight !== was.weight ? { ...asked, weight: was.weight } : asked;
    if (sameServer(was, server)) continue;
    const list = server.weight > was.weight ? raised : others;
    list.push({ phase: 'build', change: { kind: 'edit-server', key, server }, was, path: place() });
  }
  const deleted = former.left().map(
    (server): PlannedChange => ({
      phase: 'remove',
      change: { kind: 'delete-server', key, server },
      was: server,
    }),
  );
  return [...edited, ...added, ...raised, ...others, ...deleted];
}

/** The real servers of a service as it is, to be found from those that are wanted. */
interface FormerServers {
  /** Returns the former server of the one that is wanted, once. */
  take(index: number, wanted: RealServer): RealServer | undefined;
  /** Those that were not taken. */
  left(): RealServer[];
}

function formerServers(former: readonly RealServer[], wanted: readonly RealServer[]): FormerServers {
  // Mostly they are the same in the same order, and need no table.
  if (former.length === wanted.length && wanted.every((server, at) => sameIdentity(former[at]!, server))) {
    return { take: (index) => former[index], left: () => [] };
  }
  const table = new Map(former.map((server) => [serverIdentity(server), server]));
  return {
    take: (_index, server) => {
      const identity = serverIdentity(server);
      const was = table.get(identity);
      table.delete(identity);
      return was;
    },
    left: () => [...table.values()],
  };
}

function planTimeouts(live: TableState, { timeouts }: TableState): PlannedChange[] {
  const was = live.timeouts;
  if (
    !timeouts ||
    (was ? timeoutsMet(was, timeouts) : timeoutsMet({ tcp: 0, tcpFin: 0, udp: 0 }, timeouts))
  ) {
    return [];
  }
  const change: Change = { kind: 'set-timeouts', timeouts };
  return [{ phase: 'finish', change, path: ['timeouts'], ...(was ? { was } : {}) }];
}

/**
 * Stops unwanted daemons first, because a sync daemon rules out real servers of another address
 * family than their service's. Restarts changed daemons last.
 */
function planDaemons(live: TableState, { daemons }: TableState): PlannedChange[] {
  if (!daemons) return [];
  return Object.values(daemonStates).flatMap((state): PlannedChange[] => {
    const was = live.daemons?.find((daemon) => daemon.state === state);
    const index = daemons.findIndex((daemon) => daemon.state === state);
    const daemon = daemons[index];
    if (!was && !daemon) return [];
    if (was && daemon && daemonMet(was, daemon)) return [];
    const stop = (phase: Phase): PlannedChange[] =>
      was ? [{ phase, change: { kind: 'stop-daemon', daemon: was }, was }] : [];
    if (!daemon) return stop('stop');
    const start: PlannedChange = {
      phase: 'finish',
      change: { kind: 'start-daemon', daemon },
      path: ['daemons', index],
    };
    return [...stop('finish'), start];
  });
}
