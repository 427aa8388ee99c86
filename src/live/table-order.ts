/** The order of virtual services and real servers by one of their numbers: the largest first. */
import type { ListedServer } from '../model/real-server';
import type { Selected } from './table-query';

/** What --sort takes; `address` is the usual order. */
export const sortKeys = {
  address: undefined,
  active: ({ activeConnections }) => activeConnections,
  inactive: ({ inactiveConnections }) => inactiveConnections,
  persistent: ({ persistentConnections }) => persistentConnections,
  weight: ({ weight }) => weight,
  rate: ({ statistics }) => Number(statistics?.connectionRate ?? 0n),
  traffic: ({ statistics }) => Number((statistics?.inByteRate ?? 0n) + (statistics?.outByteRate ?? 0n)),
  total: ({ statistics }) => Number(statistics?.connections ?? 0n),
} as const satisfies Readonly<Record<string, ((server: ListedServer) => number) | undefined>>;

export type SortKey = keyof typeof sortKeys;

/**
 * Sorts real servers within their service, and services by the sum of the servers that are listed.
 * Equal ones keep their order.
 */
export function sortedBy<T extends Selected>(key: SortKey, entries: readonly T[]): T[] {
  const numberOf = sortKeys[key];
  if (!numberOf) return [...entries];
  const sums = new Map<T, number>();
  const sorted = entries.map((entry) => {
    const servers = entry.servers.toSorted((a, b) => numberOf(b) - numberOf(a));
    const result = { ...entry, servers };
    sums.set(
      result,
      servers.reduce((sum, server) => sum + numberOf(server), 0),
    );
    return result;
  });
  return sorted.sort((a, b) => sums.get(b)! - sums.get(a)!);
}
