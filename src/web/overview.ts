/** The table and what the daemon knows of it, as the page shows them. Pure. */
import type { ServerHealth } from '../director/types';
import { type TableNow, topGroups } from '../live/top-rows';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import { noStatistics, type Statistics } from '../model/statistics';
import { serviceRule } from '../state/rules/write';
import { serverName, serviceName } from '../state/table/table-state';
import type { KnownDirector } from './backend';
import type {
  Overview,
  OverviewChange,
  OverviewService,
  Rates,
  ServiceDetail,
  ServiceServer,
} from './contract';

type Entry = TableNow[number];

/** A service with more servers than these shows fewer results of each. */
const MANY = 500;
const FEW_RESULTS = 3;

/** What is known of a service beside its entry in the table. */
interface Known {
  readonly key: string;
  readonly name: string;
  readonly comment?: string | undefined;
  readonly owner: OverviewService['owner'];
  readonly states: ReturnType<KnownDirector['states']>;
}

/** @param known by the daemon: services of its document come first, in its order. */
export function overviewServices(table: TableNow, director: KnownDirector | undefined): OverviewService[] {
  const entries = new Map(table.map((entry) => [serviceName(entry.service.key), entry]));
  return allKnown(entries, director).map((known) => summary(known, entries.get(known.key)));
}

/** @returns undefined if neither the table nor the daemon has it. */
export function serviceDetail(
  table: TableNow,
  director: KnownDirector | undefined,
  key: string,
): ServiceDetail | undefined {
  const entry = table.find(({ service }) => serviceName(service.key) === key);
  const [known] = allKnown(new Map(entry ? [[key, entry]] : []), director, key);
  if (!known) return undefined;
  return {
    ...summary(known, entry),
    rule: entry ? serviceRule(entry.service) : '',
    servers: serversOf(known.owner === 'others' ? [] : (director?.health(key) ?? []), entry),
  };
}

/** @param only the key of the one that is wanted: the health of all takes long. */
function allKnown(
  entries: ReadonlyMap<string, Entry>,
  director: KnownDirector | undefined,
  only?: string,
): Known[] {
  const contested = new Set(director?.status().contested);
  const wanted = (director?.services() ?? []).filter(({ key }) => only === undefined || key === only);
  const ours = wanted.map(
    ({ key, name, comment }): Known => ({
      key,
      name,
      comment,
      owner: contested.has(name) ? 'contested' : 'ours',
      states: director!.states(key),
    }),
  );
  const tended = new Set(ours.map(({ key }) => key));
  const others = [...entries.keys()].filter((key) => !tended.has(key));
  return [
    ...ours,
    ...others.map((key): Known => ({ key, name: key, owner: director ? 'others' : 'ours', states: [] })),
  ];
}

function summary({ key, name, comment, owner, states }: Known, entry: Entry | undefined): OverviewService {
  const servers = entry?.servers ?? [];
  const count = (is: (one: Known['states'][number]) => boolean) => states.filter(is).length;
  const isUp = (state: ServerHealth['state']) => (one: Known['states'][number]) => one.state === state;
  return {
    key,
    name,
    comment: comment ?? null,
    scheduler: entry?.service.scheduler ?? '',
    up: count(isUp('up')),
    down: count(isUp('down')),
    unknown: states.length === 0 ? servers.length : count(isUp('unknown')),
    drained: count(({ admin }) => admin !== 'ready'),
    owner,
    active: sum(servers.map(({ activeConnections }) => activeConnections)),
    inactive: sum(servers.map(({ inactiveConnections }) => inactiveConnections)),
    rates: ratesOf(entry?.service.statistics),
  };
}

function serversOf(health: readonly ServerHealth[], entry: Entry | undefined): ServiceServer[] {
  const [group] = entry ? topGroups([entry], []) : [];
  const rows = new Map(group?.servers.map((row) => [row.key, row]));
  const live = new Map(entry?.servers.map((server) => [serverName(server), server]));
  const keys = new Set([...health.map((one) => one.key.server), ...live.keys()]);
  return [...keys].map((key): ServiceServer => {
    const [row, server] = [rows.get(key), live.get(key)];
    const of = health.find((one) => one.key.server === key);
    return {
      key,
      name: of?.server ?? key,
      comment: of?.comment ?? null,
      forwarding: server ? forwardingName(server.forwarding) : '',
      weight: server?.weight ?? null,
      share: row?.share ?? null,
      meant: row?.meant ?? null,
      active: server?.activeConnections ?? 0,
      inactive: server?.inactiveConnections ?? 0,
      rates: ratesOf(server?.statistics),
      health: of ? withoutNames(of, health.length > MANY ? FEW_RESULTS : of.results.length) : null,
    };
  });
}

/** @param most results: of a large service all of them would be a message of many megabytes. */
function withoutNames(one: ServerHealth, most: number) {
  const { service: _s, server: _r, comment: _c, key: _k, weight: _w, ...health } = one;
  return { ...health, results: health.results.slice(0, most) };
}

function forwardingName(flags: number): string {
  const method = flags & FORWARDING_MASK;
  return Object.entries(forwardingMethods).find(([, value]) => value === method)?.[0] ?? String(method);
}

function ratesOf(statistics: Statistics = noStatistics): Rates {
  return {
    connections: Number(statistics.connectionRate),
    inPackets: Number(statistics.inPacketRate),
    outPackets: Number(statistics.outPacketRate),
    inBytes: Number(statistics.inByteRate),
    outBytes: Number(statistics.outByteRate),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What differs; undefined: nothing that a reader could see. */
export function changeOf(before: Overview, now: Overview): OverviewChange | undefined {
  const former = new Map(before.services.map((one) => [one.key, JSON.stringify(one)]));
  const services = now.services.filter((one) => former.get(one.key) !== JSON.stringify(one));
  for (const { key } of now.services) former.delete(key);
  const gone = [...former.keys()];
  const { at, status, ha } = now;
  const same = services.length === 0 && gone.length === 0 && sameRest(before, now);
  return same ? undefined : { at, services, gone, status, ha };
}

/** Time passes, and the delays of the loop are never the same twice. */
function sameRest(before: Overview, now: Overview): boolean {
  const told = ({ status, ha }: Overview) =>
    JSON.stringify([status && { ...status, uptime: 0, lag: 0, passDuration: 0, changesSent: 0 }, ha]);
  return told(before) === told(now);
}
