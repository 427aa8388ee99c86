/** Counters that tests give to the entries of a fake kernel. */
import { noStatistics, type Statistics } from '../model/statistics';
import type { ServiceRecord } from './fake-table';

/** What is given is set; connections are those of a real server. */
export interface Counters {
  readonly activeConnections?: number | undefined;
  readonly inactiveConnections?: number | undefined;
  readonly persistentConnections?: number | undefined;
  readonly statistics?: Partial<Statistics> | undefined;
}

type Counted = Pick<ServiceRecord, 'stats' | 'stats64'>;

/** Returns a record with other counters: the record itself stays, because bytes of it may be kept. */
export function withCounters<T extends Counted>(record: T, { statistics, ...connections }: Counters): T {
  const stats64: Statistics = { ...noStatistics, ...(record.stats64 as Statistics), ...statistics };
  const stats = Object.fromEntries(
    Object.entries(stats64).map(([name, value]) => [name, wrapped(name, value)]),
  );
  return { ...record, ...connections, ...(statistics ? { stats, stats64 } : {}) };
}

/** Of the older attributes only byte totals have 64 bits. */
function wrapped(name: string, value: bigint): bigint {
  return /^(in|out)Bytes$/.test(name) ? value : BigInt.asUintN(32, value);
}
