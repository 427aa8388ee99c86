/** What the kernel's facts say about a real server, in one word, and about a virtual service. */
import type { ListedServer } from './real-server';
import { isOverloaded } from './share';

export type ServerState = 'draining' | 'down' | 'overloaded';

/** Why a real server gets no new connections; '' if it gets some. */
export function serverState(server: ListedServer): '' | ServerState {
  if (server.weight === 0) return hasConnections(server) ? 'draining' : 'down';
  return isOverloaded(server) ? 'overloaded' : '';
}

/** Whether a service has no real server with a weight, so that new connections are refused. */
export function isEmpty(servers: readonly ListedServer[]): boolean {
  return !servers.some(({ weight }) => weight !== 0);
}

/** Persistent ones count: their clients come back to the server, whatever its weight. */
function hasConnections(server: ListedServer): boolean {
  return server.activeConnections + server.inactiveConnections + server.persistentConnections > 0;
}
