/** How much of a service's traffic a real server gets, as far as its scheduler goes by weights. */
import type { ListedServer } from './real-server';

type Spread = 'by weight' | 'evenly' | 'first';

/** Schedulers that do not go by weight alone (net/netfilter/ipvs/ip_vs_*.c). Weight 0 is no part with any of them. */
const spreads: Readonly<Record<string, Spread>> = {
  rr: 'evenly',
  lc: 'evenly',
  dh: 'evenly',
  fo: 'first',
  ovf: 'first',
};

/** No scheduler: no new connections. */
const NO_SCHEDULER = 'none';

/** Whether a server gets no new connections because it has as many as its upper threshold allows. */
export function isOverloaded(server: ListedServer): boolean {
  const { upperThreshold, activeConnections, inactiveConnections } = server;
  return upperThreshold !== 0 && activeConnections + inactiveConnections >= upperThreshold;
}

/** The share of new connections, 0 to 1, that each of a service's real servers is meant to get. */
export function shares(scheduler: string, servers: readonly ListedServer[]): number[] {
  const spread = spreads[scheduler] ?? 'by weight';
  const open = servers.map((server) =>
    scheduler === NO_SCHEDULER || isOverloaded(server) ? 0 : Math.max(0, server.weight),
  );
  const heaviest = open.reduce((most, weight) => Math.max(most, weight), 0);
  const parts = open.map((weight, index) => {
    if (spread === 'by weight' || weight === 0) return weight;
    if (spread === 'evenly') return 1;
    return index === open.indexOf(heaviest) ? 1 : 0;
  });
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => (whole === 0 ? 0 : part / whole));
}
