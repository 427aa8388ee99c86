/** The columns of `list --pretty`, and which of them a narrow terminal omits first. */

import type { ListFormat } from '../command-line/request';
import { bitNames, nameOf, tunnelFlagNames } from '../model/flag-names';
import {
  FORWARDING_MASK,
  forwardingMethods,
  type ListedServer,
  type RealServer,
  tunnelTypes,
} from '../model/real-server';
import { serverState } from '../model/server-state';
import { noStatistics, type Statistics } from '../model/statistics';

export interface PrettyRow {
  /** The name of its service. */
  readonly service: string;
  /** Whether the row tells it, because the table is not that of one service. */
  readonly heading: boolean;
  readonly endpoint: string;
  /** Of the document; undefined: none, or not shown. */
  readonly comment: string | undefined;
  readonly server: ListedServer;
  /** The share of new connections that it should get, 0 to 1. */
  readonly share: number;
  /** The share of the connections that it has, 0 to 1; undefined: not shown. */
  readonly held: number | undefined;
}

export interface PrettyColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** A narrow terminal omits the columns with the smallest importance; undefined: never omitted. */
  readonly importance?: number;
  readonly cell: (row: PrettyRow, exact: boolean) => string;
  /** The cell in the last row, for the service. */
  readonly total?: (statistics: Statistics, exact: boolean) => string;
  /** Whether the table has the column; undefined: always. */
  readonly wanted?: (rows: readonly PrettyRow[], format: ListFormat) => boolean;
}

const counters = (
  format: ListFormat,
  titles: { readonly [name in keyof Statistics]?: string },
): PrettyColumn[] =>
  Object.entries(titles).map(([name, title]) => {
    const total = (statistics: Statistics, exact: boolean) =>
      scaled(statistics[name as keyof Statistics], exact);
    return {
      title,
      align: 'right',
      importance: 9,
      cell: ({ server }, exact) => total(server.statistics ?? noStatistics, exact),
      total,
      wanted: (_rows, wanted) => wanted === format,
    };
  });

export const prettyColumns: readonly PrettyColumn[] = [
  {
    title: 'Service',
    align: 'left',
    cell: ({ service }) => service,
    wanted: (rows) => rows.some(({ heading }) => heading),
  },
  { title: 'Real server', align: 'left', cell: ({ endpoint }) => endpoint },
  { title: 'Method', align: 'left', importance: 4, cell: ({ server }) => method(server) },
  { title: 'Weight', align: 'right', importance: 7, cell: ({ server }) => String(server.weight) },
  { title: 'Share', align: 'right', importance: 5, cell: ({ share }) => percent(share) },
  {
    title: 'Has',
    align: 'right',
    importance: 5,
    cell: ({ held }) => (held === undefined ? '' : percent(held)),
    wanted: (rows) => rows.some(({ held }) => held !== undefined),
  },
  {
    title: 'Active',
    align: 'right',
    importance: 8,
    cell: ({ server }) => String(server.activeConnections),
  },
  {
    title: 'Inactive',
    align: 'right',
    importance: 6,
    cell: ({ server }) => String(server.inactiveConnections),
  },
  {
    title: 'Persistent',
    align: 'right',
    importance: 1,
    cell: ({ server }) => String(server.persistentConnections),
    wanted: (rows, format) =>
      format === 'persistent-conn' || rows.some(({ server }) => server.persistentConnections > 0),
  },
  {
    title: 'Thresholds',
    align: 'right',
    importance: 3,
    cell: ({ server }) => thresholds(server),
    wanted: (rows, format) => format === 'thresholds' || rows.some(({ server }) => thresholds(server) !== ''),
  },
  {
    title: 'Tunnel',
    align: 'left',
    importance: 2,
    cell: ({ server }) => tunnel(server),
    wanted: (rows, format) =>
      format === 'tun-info' ||
      rows.some(({ server }) => isTunnel(server) && server.tunnel.type !== tunnelTypes.ipip),
  },
  ...counters('rate', {
    connectionRate: 'Conns/s',
    inPacketRate: 'In pkts/s',
    outPacketRate: 'Out pkts/s',
    inByteRate: 'In B/s',
    outByteRate: 'Out B/s',
  }),
  ...counters('stats', {
    connections: 'Conns',
    inPackets: 'In pkts',
    outPackets: 'Out pkts',
    inBytes: 'In bytes',
    outBytes: 'Out bytes',
  }),
  {
    title: 'State',
    align: 'left',
    importance: 10,
    cell: ({ server }) => serverState(server),
    wanted: (rows) => rows.some(({ server }) => serverState(server) !== ''),
  },
  {
    title: 'Comment',
    align: 'left',
    importance: 0,
    cell: ({ comment }) => comment ?? '',
    wanted: (rows) => rows.some(({ comment }) => comment !== undefined),
  },
];

function method({ forwarding }: RealServer): string {
  const number = forwarding & FORWARDING_MASK;
  return nameOf(forwardingMethods, number) ?? String(number);
}

function isTunnel({ forwarding }: RealServer): boolean {
  return (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling;
}

/**
 * Thresholds such as `80..100`: no new connections from 100 on, new ones again below 80. A
 * threshold of 0 is omitted.
 */
function thresholds({ lowerThreshold, upperThreshold }: RealServer): string {
  if (upperThreshold === 0 && lowerThreshold === 0) return '';
  return `${lowerThreshold || ''}..${upperThreshold || ''}`;
}

function tunnel(server: RealServer): string {
  if (!isTunnel(server)) return '';
  const { type, port, flags } = server.tunnel;
  const parts = [nameOf(tunnelTypes, type) ?? String(type), ...(port === 0 ? [] : [`port ${port}`])];
  return [...parts, ...bitNames(flags, tunnelFlagNames)].join(' ');
}

/** A percentage with at most one decimal; a share above 0 is never shown as 0. */
function percent(share: number): string {
  const rounded = Math.round(share * 1000) / 10;
  return share > 0 && rounded === 0 ? '<0.1%' : `${rounded}%`;
}

const units = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** A counter with at most five digits, in thousands, millions, ... if needed, rounded down. */
function scaled(value: bigint, exact: boolean): string {
  let rest = value;
  let unit = 0;
  while (!exact && rest >= 100_000n) {
    rest /= 1000n;
    unit += 1;
  }
  return `${rest}${units[unit]}`;
}
