/**
 * What becomes of entries that are no longer wanted: no new connections first, removal once the
 * present ones have ended or had time to.
 */
import type { ListedServer, RealServer } from '../model/real-server';
import { protocols, type VirtualService } from '../model/virtual-service';

/** How long connections may take to end where the document says nothing. */
const DRAIN_TIME = 60_000;

/** Monotonic milliseconds. */
export interface Leaving {
  readonly since: number;
  readonly removeAfter: number | undefined;
}

/**
 * What remains of a real server that is no longer wanted: undefined when it is to be removed. Of UDP
 * it goes at once, because packets of one port stay with a server until the connection ends by time.
 */
export function remainder(
  { key }: VirtualService,
  server: RealServer & Partial<ListedServer>,
  { since, removeAfter = DRAIN_TIME }: Leaving,
  now: number,
): RealServer | undefined {
  if (key.kind === 'address' && key.protocol === protocols.udp) return undefined;
  const { activeConnections = 0, inactiveConnections = 0, weight } = server;
  const isEmpty = weight === 0 && activeConnections === 0 && inactiveConnections === 0;
  return isEmpty || now - since >= removeAfter ? undefined : { ...server, weight: 0 };
}
