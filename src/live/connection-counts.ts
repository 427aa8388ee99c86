/** How many connections each client, real server, state or virtual service has. */
import { asciiJson } from '../bytes/unicode';
import type { Connection } from '../format/connections';
import { formatIpv4, ipv4FromWord } from '../model/address';
import { type SummaryKey, summaryKeys } from './connection-query';
import type { UsualConnection } from './usual-connection';

export interface ConnectionCounts {
  add(connection: Connection): void;
  /** As `add`, for a line that was not made an object. */
  addUsual(line: UsualConnection): void;
  /** The most frequent first; equal ones by name. */
  top(count: number): readonly (readonly [key: string, count: number])[];
  readonly total: number;
}

const PORTS = 65_536;
/** More than all pairs of an address and a port. */
const ENDPOINTS = PORTS * 2 ** 32;

const endpointKey = ({ addresses, ports }: UsualConnection, end: 1 | 2) =>
  (addresses[end]! >>> 0) * PORTS + ports[end]!;
const addressText = (word: number) => formatIpv4(ipv4FromWord(word));
const endpointText = (key: number) => `${addressText(Math.floor(key / PORTS))}:${key % PORTS}`;

/** What usual lines are counted by, and the text of that: texts take longer than numbers. */
const usualKeys: Readonly<Record<SummaryKey, UsualKey>> = {
  client: { of: ({ addresses }) => addresses[0]! >>> 0, text: addressText },
  server: { of: (line) => endpointKey(line, 2), text: endpointText },
  service: {
    of: (line) => endpointKey(line, 1) + (line.protocol === 'TCP' ? 0 : ENDPOINTS),
    text: (key) => `${key < ENDPOINTS ? 'tcp' : 'udp'}:${endpointText(key % ENDPOINTS)}`,
  },
  state: { of: ({ state }) => state, text: String },
};

interface UsualKey {
  of(line: UsualConnection): number | string;
  text(key: number): string;
}

export function connectionCounts(by: SummaryKey): ConnectionCounts {
  const keyOf = summaryKeys[by];
  const usual = usualKeys[by];
  const counts = new Map<number | string, number>();
  let total = 0;
  const add = (key: number | string) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    total += 1;
  };
  return {
    add: (connection) => add(keyOf(connection)),
    addUsual: (line) => add(usual.of(line)),
    top(count) {
      // A client may have lines of both forms.
      const named = new Map<string, number>();
      for (const [key, many] of counts) {
        const name = typeof key === 'number' ? usual.text(key) : key;
        named.set(name, (named.get(name) ?? 0) + many);
      }
      return [...named].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1)).slice(0, count);
    },
    get total() {
      return total;
    },
  };
}

/** The counts as lines: number, share, key. */
export function countLines(counts: ConnectionCounts, most: number, what: SummaryKey): string {
  const all = counts.top(Number.POSITIVE_INFINITY);
  const top = all.slice(0, most);
  const rest = counts.total - top.reduce((sum, [, count]) => sum + count, 0);
  const more = rest > 0 ? [line(rest, counts.total, `${all.length - top.length} more`)] : [];
  const rows = top.map(([key, count]) => line(count, counts.total, key));
  return [`CONNECTIONS  SHARE  ${what.toUpperCase()}\n`, ...rows, ...more].join('');
}

function line(count: number, total: number, key: string): string {
  const share = `${((100 * count) / total).toFixed(1)}%`;
  return `${String(count).padStart(11)} ${share.padStart(6)}  ${key}\n`;
}

/** The counts as JSON: an object a line. */
export function countJson(counts: ConnectionCounts, most: number, what: SummaryKey): string {
  const top = counts.top(most);
  return top.map(([key, count]) => `${asciiJson({ [what]: key, connections: count })}\n`).join('');
}
