/** Whether entries of the table are alike. */
import type { RealServer } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import { serviceFlags, type VirtualService } from '../../model/virtual-service';

/** Two services of the same key. The kernel's own mark does not count. */
export function sameService(a: VirtualService, b: VirtualService): boolean {
  return (
    a.scheduler === b.scheduler &&
    (a.flags | serviceFlags.hashed) === (b.flags | serviceFlags.hashed) &&
    a.timeout === b.timeout &&
    a.netmask === b.netmask &&
    a.persistenceEngine === b.persistenceEngine
  );
}

/** Two real servers of the same key. */
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

/** Whether the timeouts are those wanted, of which 0 wants none. */
export function timeoutsMet(live: Timeouts, wanted: Timeouts): boolean {
  return (['tcp', 'tcpFin', 'udp'] as const).every(
    (name) => wanted[name] === 0 || wanted[name] === live[name],
  );
}

const DEFAULT_GROUP = Uint8Array.of(224, 0, 0, 81);
const DEFAULT_PORT = 8848;
const DEFAULT_TTL = 1;

/** Whether a running daemon is the one wanted, of which what is absent is the kernel's choice. */
export function daemonMet(live: SyncDaemon, wanted: SyncDaemon): boolean {
  const group = wanted.group ?? DEFAULT_GROUP;
  return (
    live.state === wanted.state &&
    live.interface === wanted.interface &&
    live.syncId === wanted.syncId &&
    (live.group ?? DEFAULT_GROUP).join() === group.join() &&
    (live.port ?? DEFAULT_PORT) === (wanted.port ?? DEFAULT_PORT) &&
    (live.ttl ?? DEFAULT_TTL) === (wanted.ttl ?? DEFAULT_TTL) &&
    (wanted.maxLength === undefined || live.maxLength === heldLength(wanted.maxLength, wanted))
  );
}

/** What the kernel makes of a datagram length (net/netfilter/ipvs/ip_vs_sync.c, start_sync_thread). */
function heldLength(length: number, { state, group }: SyncDaemon): number {
  const headers = group?.length === 16 ? 48 : 28;
  const least = state === daemonStates.backup ? 1024 : 1;
  return Math.min(Math.max(length, least), 65535 - headers);
}
