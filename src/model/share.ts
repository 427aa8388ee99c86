/**
 * The share of a service's traffic that each real server gets, as far as its scheduler goes by
 * weight.
 */
import type { ListedServer } from './real-server';
import { spreadOf } from './schedulers';

/** Whether a server gets no new connections because it has reached its upper threshold. */
export function isOverloaded(server: ListedServer): boolean {
  const { upperThreshold, activeConnections, inactiveConnections } = server;
  return upperThreshold !== 0 && activeConnections + inactiveConnections >= upperThreshold;
}

/** The share of new connections, 0 to 1, that each of a service's real servers is meant to get. */
export function shares(scheduler: string, servers: readonly ListedServer[]): number[] {
  const spread = spreadOf(scheduler);
  const weights = servers.map((server) =>
    spread === 'none' || isOverloaded(server) ? 0 : Math.max(0, server.weight),
  );
  const heaviest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const first = weights.indexOf(heaviest);
  const parts = weights.map((weight, index) => {
    if (spread === 'by weight' || weight === 0) return weight;
    if (spread === 'evenly') return 1;
    return index === first ? 1 : 0;
  });
  const total = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => (total === 0 ? 0 : part / total));
}

/** The share of the active and inactive connections, 0 to 1, that each of a service's real servers has. */
export function heldShares(servers: readonly ListedServer[]): number[] {
  const held = servers.map(
    ({ activeConnections, inactiveConnections }) => activeConnections + inactiveConnections,
  );
  const total = held.reduce((sum, each) => sum + each, 0);
  return held.map((each) => (total === 0 ? 0 : each / total));
}
