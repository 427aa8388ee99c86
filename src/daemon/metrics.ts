/** The metrics of the daemon and of the table. */

import type { DirectorStatus, ServerHealth, ServerState } from '../director/types';
import type { NamedServer } from '../format/given-names';
import { formatAddress } from '../model/address';
import { roles } from '../model/ha';
import type { ListedServer } from '../model/real-server';
import { noStatistics, type Statistics } from '../model/statistics';
import type { ServiceKey } from '../model/virtual-service';
import { serverName, serviceName } from '../state/table/table-state';
import type { CheckCounts } from './check-counts';
import { type Metric, type Sample, Sums } from './exposition';
import type { LiveTable } from './live-table';
import type { ShareStatus } from './sharing';

/** What a sample is of: each server, or the sum of each service. */
export type MetricsBy = 'server' | 'service';

const ofService = ['service', 'protocol', 'address', 'port', 'mark'];

export interface MetricSources {
  readonly status: DirectorStatus;
  readonly health: readonly ServerHealth[];
  readonly table: LiveTable;
  readonly counts: CheckCounts;
  /** Undefined if the VIPs are not shared. */
  readonly share?: ShareStatus | undefined;
}

export function metricsOf(sources: MetricSources, by: MetricsBy): readonly Metric[] {
  const { status, health, table, counts, share } = sources;
  const all = [
    ...ofDaemon(status),
    ...(share ? ofShare(share) : []),
    ...ofHealth(health, counts),
    ...ofTable(table, health),
  ];
  return summed(all, by);
}

/** Those of a table without a daemon. */
export function metricsOfTable(
  table: LiveTable,
  by: MetricsBy,
  named: readonly NamedServer[],
): readonly Metric[] {
  return summed(ofTable(table, named), by);
}

function summed(all: readonly Metric[], by: MetricsBy): readonly Metric[] {
  if (by === 'server') return all;
  const sums = new Sums([...ofService, 'state', 'result', 'role']);
  return all
    .filter(({ name }) => !notSummed.has(name))
    .map((metric) => ({ ...metric, samples: lazily(() => sums.of(metric.samples)) }));
}

/** Samples that are made when they are told, and not before. */
function lazily(make: () => Iterable<Sample>): Iterable<Sample> {
  return { [Symbol.iterator]: () => make()[Symbol.iterator]() };
}

function each<T>(list: readonly T[], samplesOf: (one: T) => readonly Sample[]): Iterable<Sample> {
  return lazily(function* () {
    for (const one of list) yield* samplesOf(one);
  });
}

/** A sum of these says nothing. */
const notSummed: ReadonlySet<string> = new Set([
  'lvs_server_up',
  'lvs_check_duration_seconds',
  'lvs_certificate_expiry_timestamp_seconds',
]);

function ofDaemon(status: DirectorStatus): Metric[] {
  const { generation, uptime, blind, changesSent, changesRefused, contested, alarms } = status;
  const { lag, lateResults, passDuration } = status;
  const one = (name: string, type: Metric['type'], help: string, value: number): Metric => ({
    name,
    type,
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    {
      name: 'lvs_generation',
      type: 'gauge',
      help: 'Number of the document that is wanted, and of the one in effect.',
      samples: Object.entries(generation).map(([state, value]) => ({ labels: { state }, value })),
    },
    one('lvs_director_uptime_seconds', 'gauge', 'Time since the daemon started.', uptime / 1000),
    one('lvs_blind', 'gauge', '1 while everything fails at once and states are frozen.', Number(blind)),
    one('lvs_reconcile_changes_total', 'counter', 'Changes sent to the kernel since the start.', changesSent),
    one('lvs_reconcile_refused_total', 'counter', 'Changes that the kernel refused.', changesRefused),
    one('lvs_event_loop_lag_seconds', 'gauge', 'Largest delay of the event loop in a minute.', lag / 1000),
    one(
      'lvs_late_results_total',
      'counter',
      'Failures that came while the event loop was late, and do not count.',
      lateResults,
    ),
    one(
      'lvs_reconcile_duration_seconds',
      'gauge',
      'Duration of the last pass over the whole table.',
      passDuration / 1000,
    ),
    one('lvs_contested_services', 'gauge', 'Services that others fight for.', contested.length),
    one('lvs_alarms', 'gauge', 'Alarms that last.', alarms.length),
  ];
}

function ofShare({ role, duplicate }: ShareStatus): Metric[] {
  return [
    {
      name: 'lvs_director_role',
      type: 'gauge',
      help: '1 for the role of this director among those with the same VIPs.',
      samples: roles.map((each) => ({ labels: { role: each }, value: Number(each === role) })),
    },
    {
      name: 'lvs_duplicate_vip',
      type: 'gauge',
      help: '1 while another machine answers for a VIP that this director has.',
      samples: duplicate === undefined ? [] : [{ labels: {}, value: Number(duplicate) }],
    },
  ];
}

function ofHealth(health: readonly ServerHealth[], counts: CheckCounts): Metric[] {
  const labels = ({ service, server }: ServerHealth) => ({ service, server });
  return [
    {
      name: 'lvs_servers',
      type: 'gauge',
      help: 'Real servers of a service by state.',
      samples: lazily(() => states(health)),
    },
    {
      name: 'lvs_server_up',
      type: 'gauge',
      help: '1 if the real server is up.',
      samples: each(health, (one) => [{ labels: labels(one), value: Number(one.state === 'up') }]),
    },
    {
      name: 'lvs_check_duration_seconds',
      type: 'gauge',
      help: 'Duration of the last check.',
      samples: each(health, durations),
    },
    {
      name: 'lvs_check_results_total',
      type: 'counter',
      help: 'Checks that ended, by result; equal checks are counted once.',
      samples: counts.samples(),
    },
    {
      name: 'lvs_certificate_expiry_timestamp_seconds',
      type: 'gauge',
      help: 'When the certificate of the real server ends.',
      samples: each(health, (one) =>
        one.certificateEnds === undefined ? [] : [{ labels: labels(one), value: one.certificateEnds / 1000 }],
      ),
    },
  ];
}

/** How many servers of each service are in each state. */
function* states(health: readonly ServerHealth[]): Generator<Sample> {
  const counts = new Map<string, Record<ServerState, number>>();
  for (const { service, state } of health) {
    const count = counts.get(service) ?? { up: 0, down: 0, unknown: 0 };
    counts.set(service, count);
    count[state] += 1;
  }
  for (const [service, count] of counts) {
    for (const [state, value] of Object.entries(count)) yield { labels: { service, state }, value };
  }
}

/** The newest result of each check. */
function durations({ service, server, results }: ServerHealth): Sample[] {
  const newest = new Map(results.toReversed().map((result) => [result.check, result]));
  return [...newest].map(([check, { duration }]) => ({
    labels: { service, server, check },
    value: duration / 1000,
  }));
}

const counters: readonly (readonly [name: string, help: string, field: keyof Statistics])[] = [
  ['connections_total', 'Connections scheduled', 'connections'],
  ['in_packets_total', 'Packets received from clients', 'inPackets'],
  ['out_packets_total', 'Packets sent to clients', 'outPackets'],
  ['in_bytes_total', 'Bytes received from clients', 'inBytes'],
  ['out_bytes_total', 'Bytes sent to clients', 'outBytes'],
];

const gauges: readonly (readonly [name: string, help: string, field: keyof ListedServer & string])[] = [
  ['connections_active', 'Active connections', 'activeConnections'],
  ['connections_inactive', 'Inactive connections', 'inactiveConnections'],
  ['connections_persistent', 'Persistent connections', 'persistentConnections'],
  ['weight', 'Weight in the kernel', 'weight'],
];

function ofTable(table: LiveTable, health: readonly (NamedServer & Pick<ServerHealth, 'path'>)[]): Metric[] {
  const serviceNames = new Map(health.map(({ key, service }) => [key.service, service]));
  const serverNames = new Map(health.map(({ key, server }) => [`${key.service}/${key.server}`, server]));
  // Those of our own checks are no services of anybody.
  const paths = new Set(health.flatMap(({ path }) => path ?? []));
  const own = table.filter(({ service }) => !paths.has(serviceName(service.key)));
  const services = own.map((entry) => {
    const key = serviceName(entry.service.key);
    const labels = { service: serviceNames.get(key) ?? key, ...keyLabels(entry.service.key) };
    const servers = entry.servers.map((server) => {
      const name = serverName(server);
      return { server, labels: { ...labels, server: serverNames.get(`${key}/${name}`) ?? name } };
    });
    return { service: entry.service, labels, servers };
  });
  const servers = services.flatMap((service) => service.servers);
  return [
    ...counters.map(
      ([name, help, field]): Metric => ({
        name: `ipvs_service_${name}`,
        type: 'counter',
        help: `${help}, of a virtual service.`,
        samples: each(services, ({ service, labels }) => [
          { labels, value: (service.statistics ?? noStatistics)[field] },
        ]),
      }),
    ),
    ...counters.map(
      ([name, help, field]): Metric => ({
        name: `ipvs_server_${name}`,
        type: 'counter',
        help: `${help}, of a real server.`,
        samples: each(servers, ({ server, labels }) => [
          { labels, value: (server.statistics ?? noStatistics)[field] },
        ]),
      }),
    ),
    ...gauges.map(
      ([name, help, field]): Metric => ({
        name: `ipvs_server_${name}`,
        type: 'gauge',
        help: `${help}, of a real server.`,
        samples: each(servers, ({ server, labels }) => [{ labels, value: server[field] as number }]),
      }),
    ),
  ];
}

function keyLabels(key: ServiceKey): Record<string, string> {
  if (key.kind === 'fwmark') return { mark: String(key.fwmark) };
  return {
    protocol: serviceName(key).split(':')[0]!,
    address: formatAddress(key.address),
    port: String(key.port),
  };
}
