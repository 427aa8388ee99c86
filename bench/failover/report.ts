/** The table of docs/benchmarks.md: what each failover cost, over all rounds. */
import type { FailoverName } from '../../test/kernel/ha/daemon';
import type { Counted } from '../../test/kernel/ha/ground';
import { percentile } from '../director/report';

const titles = {
  keepalived: 'director daemon, keepalived',
  etcd: 'director daemon, etcd',
  alone: 'keepalived alone',
} as const;
export type Measured = keyof typeof titles;
export type Measurements = readonly (readonly [who: Measured, counted: readonly Counted[]])[];

type Column = readonly [title: string, cell: (counted: readonly Counted[]) => string];

const columns: readonly Column[] = [
  ['requests lost: median, p95', (counted) => twice(counted, ({ lost }) => lost)],
  ['longest outage, ms: median, p95', (counted) => twice(counted, ({ outage }) => outage)],
  ['served again after, ms: p95', (counted) => at95(counted, servedAgain)],
  ['VIP on exactly one after, ms: p95', (counted) => at95(counted, oneAt)],
  ['on both, ms: p95', (counted) => at95(counted, ({ several }) => several)],
  ['connections alive of 20: least', (counted) => `${Math.min(...counted.map(({ long }) => long))}`],
];

export const tableHead = `| event | who |${columns.map(([title]) => ` ${title} |`).join('')}
| --- | --- |${columns.map(() => ' --: |').join('')}`;

/** The lines of an event, one for each of those who were measured. */
export function tableLines(name: FailoverName, measurements: Measurements): string {
  return measurements
    .map(([who, counted]) => {
      const cells = columns.map(([, cell]) => ` ${cell(counted)} |`);
      return `| ${name} | ${titles[who]} |${cells.join('')}`;
    })
    .join('\n');
}

function servedAgain({ lost, servedAgain }: Counted): number {
  return lost > 0 && servedAgain < 0 ? Infinity : servedAgain;
}

/** Never, if it was not when the client ended. */
function oneAt({ oneAt, at }: Counted): number {
  return at.length === 1 ? oneAt : Infinity;
}

function twice(counted: readonly Counted[], read: (one: Counted) => number): string {
  return `${at(counted, read, 0.5)}, ${at(counted, read, 0.95)}`;
}

function at95(counted: readonly Counted[], read: (one: Counted) => number): string {
  return at(counted, read, 0.95);
}

function at(counted: readonly Counted[], read: (one: Counted) => number, part: number): string {
  const value = percentile(
    counted.map(read).sort((a, b) => a - b),
    part,
  );
  return Number.isFinite(value) ? `${value}` : '**never**';
}
