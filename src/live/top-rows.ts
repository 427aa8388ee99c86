/** What `top` shows of a table at one moment: a group of rows for each virtual service. */
import { visibleUnicodeWord } from '../bytes/visible';
import { formatEndpoint, formatServiceName } from '../format/endpoint';
import { type NamedServer, titled } from '../format/given-names';
import type { ListedServer } from '../model/real-server';
import { isEmpty, serverState } from '../model/server-state';
import { shares } from '../model/share';
import { noStatistics, type Statistics } from '../model/statistics';
import type { ListedService } from '../model/virtual-service';
import { serverName, serviceName } from '../state/table/table-state';

/** A real server that has a name, or that the director daemon knows. */
export interface KnownServer extends NamedServer {
  readonly state?: string | undefined;
}

export type TableNow = readonly {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}[];

export interface TopRow {
  /** `tcp:192.0.2.10:80` and `10.0.0.17:80`: the same for the same row at another moment. */
  readonly key: string;
  /** For people: the daemon's name and the end point, or the end point alone. */
  readonly name: string;
  readonly state: string;
  readonly weight: number | undefined;
  /** Of its service's new connections, or without any of its active ones, 0 to 1; undefined without those. */
  readonly share: number | undefined;
  /** What its weight asks for, 0 to 1. */
  readonly meant: number | undefined;
  readonly active: number;
  readonly inactive: number;
  readonly rates: Pick<
    Statistics,
    'connectionRate' | 'inPacketRate' | 'outPacketRate' | 'inByteRate' | 'outByteRate'
  >;
}

export interface TopGroup {
  readonly service: TopRow;
  readonly servers: readonly TopRow[];
}

/** @param known what the daemon or a document says. */
export function topGroups(table: TableNow, known: readonly KnownServer[]): TopGroup[] {
  const byKey = new Map(known.map((one) => [`${one.key.service} ${one.key.server}`, one]));
  return table.map(({ service, servers }) => groupOf(service, servers, byKey));
}

function groupOf(
  service: ListedService,
  servers: readonly ListedServer[],
  known: ReadonlyMap<string, KnownServer>,
): TopGroup {
  const { key, scheduler, statistics } = service;
  const serviceKey = serviceName(key);
  const protocol = key.kind === 'address' ? key.protocol : 0;
  const meant = shares(scheduler, servers);
  const measure = measureOf(servers);
  const total = servers.reduce((sum, server) => sum + measure(server), 0);
  let named: string | undefined;
  const rows = servers.map((server, index): TopRow => {
    const serverKey = serverName(server);
    const of = known.get(`${serviceKey} ${serverKey}`);
    named ??= of?.service;
    return {
      key: serverKey,
      name: titled(of?.server, formatEndpoint(server, protocol, undefined)),
      state: of?.state ?? serverState(server),
      weight: server.weight,
      share: total === 0 ? undefined : measure(server) / total,
      meant: meant[index],
      active: server.activeConnections,
      inactive: server.inactiveConnections,
      rates: server.statistics ?? noStatistics,
    };
  });
  return {
    service: {
      key: serviceKey,
      name: `${titled(named, formatServiceName(key, undefined))} ${visibleUnicodeWord(scheduler)}`,
      state: isEmpty(servers) ? 'empty' : '',
      weight: undefined,
      share: undefined,
      meant: undefined,
      active: sum(servers, ({ activeConnections }) => activeConnections),
      inactive: sum(servers, ({ inactiveConnections }) => inactiveConnections),
      rates: statistics ?? noStatistics,
    },
    servers: rows,
  };
}

/** New connections tell what the scheduler does now; a service without any still has its active ones. */
function measureOf(servers: readonly ListedServer[]): (server: ListedServer) => number {
  const rate = ({ statistics }: ListedServer) => Number(statistics?.connectionRate ?? 0n);
  return servers.some((server) => rate(server) > 0) ? rate : ({ activeConnections }) => activeConnections;
}

function sum(servers: readonly ListedServer[], of: (server: ListedServer) => number): number {
  return servers.reduce((total, server) => total + of(server), 0);
}

/** How rows are ordered: by a key of the keyboard or of --sort. Greatest first. */
export const topOrders = {
  rate: { key: 'r', value: ({ rates }: TopRow) => Number(rates.connectionRate) },
  active: { key: 'a', value: ({ active }: TopRow) => active },
  inactive: { key: 'i', value: ({ inactive }: TopRow) => inactive },
  packets: { key: 'p', value: ({ rates }: TopRow) => Number(rates.inPacketRate + rates.outPacketRate) },
  traffic: { key: 't', value: ({ rates }: TopRow) => Number(rates.inByteRate + rates.outByteRate) },
  weight: { key: 'w', value: ({ weight = 0 }: TopRow) => weight },
  /** Who gets the most more than its weight asks for. */
  excess: { key: 'x', value: ({ share = 0, meant = 0 }: TopRow) => share - meant },
} as const satisfies Readonly<
  Record<string, { readonly key: string; readonly value: (row: TopRow) => number }>
>;
export type TopOrder = keyof typeof topOrders;

/** Services in their order, and in each its servers; as the kernel lists them without an order. */
export function ordered(groups: readonly TopGroup[], order: TopOrder | undefined): readonly TopGroup[] {
  if (order === undefined) return groups;
  const { value } = topOrders[order];
  const byValue = (a: TopRow, b: TopRow) => value(b) - value(a);
  return groups
    .map(({ service, servers }) => ({ service, servers: [...servers].sort(byValue) }))
    .sort((a, b) => byValue(a.service, b.service));
}

/** The groups whose service has the text, whole; of the others the servers that have it. */
export function filtered(groups: readonly TopGroup[], text: string): readonly TopGroup[] {
  if (text === '') return groups;
  const has = ({ key, name, state }: TopRow) => [key, name, state].some((part) => part.includes(text));
  return groups.flatMap((group) => {
    if (has(group.service)) return [group];
    const servers = group.servers.filter(has);
    return servers.length === 0 ? [] : [{ ...group, servers }];
  });
}
