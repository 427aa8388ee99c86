/** The services of the overview: filtered, sorted, summed up. */
import type { OverviewService, Rates } from '../../contract';

export type SortKey = 'name' | 'health' | 'connections' | 'inBytes' | 'active';

export interface Sorting {
  readonly key: SortKey;
  readonly descending: boolean;
}

const values: Readonly<Record<Exclude<SortKey, 'name'>, (service: OverviewService) => number>> = {
  // Those that want somebody's attention first when it falls.
  health: (service) => (isWell(service) ? 0 : 1e6) + (1e3 * service.down) / Math.max(1, serverCount(service)),
  connections: ({ rates }) => rates.connections,
  inBytes: ({ rates }) => rates.inBytes + rates.outBytes,
  active: ({ active }) => active,
};

const natural = new Intl.Collator('en', { numeric: true });

/** web2 before web10. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return natural.compare(a.name, b.name);
}

/**
 * @param services in the order of their names.
 * @param filter words that must all be in name, key or scheduler.
 */
export function chosen(
  services: Iterable<OverviewService>,
  filter: string,
  trouble: boolean,
  { key, descending }: Sorting,
): OverviewService[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = [...services].filter((service) => {
    if (trouble && isWell(service)) return false;
    const text = `${service.name} ${service.key} ${service.scheduler}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (key === 'name') return descending ? wanted.reverse() : wanted;
  const sign = descending ? -1 : 1;
  const value = values[key];
  return wanted.sort((a, b) => sign * (value(a) - value(b)));
}

/** All its servers are up, or nobody checks them, and it is not fought for. */
export function isWell({ down, owner }: OverviewService): boolean {
  return down === 0 && owner !== 'contested';
}

export function serverCount({ up, down, unknown }: OverviewService): number {
  return up + down + unknown;
}

export interface Totals {
  readonly services: number;
  readonly servers: number;
  readonly up: number;
  readonly down: number;
  readonly unknown: number;
  readonly drained: number;
  readonly active: number;
  readonly rates: Pick<Rates, 'connections' | 'inBytes' | 'outBytes'>;
}

export function totals(services: Iterable<OverviewService>): Totals {
  const sum = { services: 0, servers: 0, up: 0, down: 0, unknown: 0, drained: 0, active: 0 };
  const rates = { connections: 0, inBytes: 0, outBytes: 0 };
  for (const service of services) {
    sum.services += 1;
    sum.servers += serverCount(service);
    for (const name of ['up', 'down', 'unknown', 'drained', 'active'] as const) sum[name] += service[name];
    for (const name of ['connections', 'inBytes', 'outBytes'] as const) rates[name] += service.rates[name];
  }
  return { ...sum, rates };
}
