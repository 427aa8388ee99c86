/** Compares entries of the table. */
import { defaults, syncLength } from '../../model/limits';
import type { RealServer } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import { serviceFlags, type VirtualService } from '../../model/virtual-service';
import { type ServiceState, sameIdentity } from './table-state';

/**
 * Whether two services with the same key are equal, apart from the flag that the kernel sets
 * itself.
 */
export function sameService(a: VirtualService, b: VirtualService): boolean {
  return (
    a.scheduler === b.scheduler &&
    (a.flags | serviceFlags.hashed) === (b.flags | serviceFlags.hashed) &&
    a.timeout === b.timeout &&
    a.netmask === b.netmask &&
    a.persistenceEngine === b.persistenceEngine
  );
}

/** Whether two real servers with the same key are equal. */
export function sameServer(a: RealServer, b: RealServer): boolean {
  return (
    a.forwarding === b.forwarding &&
    a.weight === b.weight &&
    a.upperThreshold === b.upperThreshold &&
    a.lowerThreshold === b.lowerThreshold &&
    a.tunnel.type === b.tunnel.type &&
    a.tunnel.port === b.tunnel.port &&
    a.tunnel.flags === b.tunnel.flags
  );
}

/** Whether two services with the same key are equal with their real servers, in the same order. */
export function sameState(a: ServiceState, b: ServiceState): boolean {
  return (
    a.servers.length === b.servers.length &&
    sameService(a.service, b.service) &&
    a.servers.every(
      (server, at) => sameIdentity(server, b.servers[at]!) && sameServer(server, b.servers[at]!),
    )
  );
}

/** Whether the timeouts are as wanted; a wanted timeout of 0 accepts any. */
export function timeoutsMet(live: Timeouts, wanted: Timeouts): boolean {
  return (['tcp', 'tcpFin', 'udp'] as const).every(
    (name) => wanted[name] === 0 || wanted[name] === live[name],
  );
}

/**
 * Whether a running sync daemon is as wanted; what is absent from `wanted` is the kernel's default.
 */
export function daemonMet(live: SyncDaemon, wanted: SyncDaemon): boolean {
  const group = wanted.group ?? defaults.multicastGroup;
  return (
    live.state === wanted.state &&
    live.interface === wanted.interface &&
    live.syncId === wanted.syncId &&
    (live.group ?? defaults.multicastGroup).join() === group.join() &&
    (live.port ?? defaults.multicastPort) === (wanted.port ?? defaults.multicastPort) &&
    (live.ttl ?? defaults.multicastTtl) === (wanted.ttl ?? defaults.multicastTtl) &&
    (wanted.maxLength === undefined ||
      live.maxLength === syncLength(wanted.maxLength, wanted.state === daemonStates.backup, group.length))
  );
}
