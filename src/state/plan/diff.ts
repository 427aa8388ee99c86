/** From one state of the table to another: the fewest changes, in an order that no client suffers from. */

import type { Change } from '../../model/change';
import type { RealServer } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
import type { Path } from '../source/tree';
import { daemonMet, sameServer, sameService, timeoutsMet } from '../table/equality';
import { type ServiceState, serverName, serviceName, type TableState } from '../table/table-state';

/**
 * When a change is made. All that adds or alters comes before all that takes away, so a service never lacks servers
 * that it should have, and a refusal is found before anything is lost.
 */
export const phases = ['stop', 'build', 'remove', 'finish'] as const;
export type Phase = (typeof phases)[number];

export interface PlannedChange {
  readonly phase: Phase;
  readonly change: Change;
  /** What is there before, where something is replaced or deleted. */
  readonly was?: VirtualService | RealServer | SyncDaemon | Timeouts;
  /** Where the wanted state asks for it, as a path of a state document; absent for what is taken away. */
  readonly path?: Path;
}

export interface PlanOptions {
  /** Names of services (`serviceName`): nothing else is touched. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Real servers that are there keep their weights. */
  readonly keepWeights?: boolean;
}

/** The changes that make `wanted` of `live`, in order. What `wanted` does not speak of stays. */
export function planChanges(
  live: TableState,
  wanted: TableState,
  options: PlanOptions = {},
): PlannedChange[] {
  const services = wanted.services ? planServices(live.services ?? [], wanted.services, options) : [];
  const rest = options.only ? [] : [...planTimeouts(live, wanted), ...planDaemons(live, wanted)];
  const planned = [...services, ...rest];
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
    if (before) changed.push(...planService(before, entry, path, keepWeights));
    else added.push(...planNewService(entry, path));
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

function planNewService({ service, servers }: ServiceState, path: Path): PlannedChange[] {
  return [
    { phase: 'build', change: { kind: 'add-service', service }, path },
    ...servers.map((server, index) => addServer(service, server, [...path, 'servers', index])),
  ];
}

function addServer({ key }: VirtualService, server: RealServer, path: Path): PlannedChange {
  return { phase: 'build', change: { kind: 'add-server', key, server }, path };
}

/** Changes within a service that stays: new servers, then more weight, then the rest; deletions come later. */
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
  const former = new Map(before.servers.map((server) => [serverName(server), server]));
  const added: PlannedChange[] = [];
  const raised: PlannedChange[] = [];
  const others: PlannedChange[] = [];
  for (const [index, asked] of servers.entries()) {
    const name = serverName(asked);
    const was = former.get(name);
    const place = [...path, 'servers', index];
    former.delete(name);
    if (!was) {
      added.push(addServer(service, asked, place));
      continue;
    }
    const server = keepWeights ? { ...asked, weight: was.weight } : asked;
    if (sameServer(was, server)) continue;
    const list = server.weight > was.weight ? raised : others;
    list.push({ phase: 'build', change: { kind: 'edit-server', key, server }, was, path: place });
  }
  const deleted = [...former.values()].map(
    (server): PlannedChange => ({
      phase: 'remove',
      change: { kind: 'delete-server', key, server },
      was: server,
    }),
  );
  return [...edited, ...added, ...raised, ...others, ...deleted];
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
 * A daemon that is not wanted stops first: it forbids real servers of another family than their service's. One that
 * changes stops and starts at the end.
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
