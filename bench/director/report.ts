/** The table of docs/benchmarks.md: what each director did at each event, over all runs. */
import type { Event } from './events';
import { type Director, type DirectorName, directorNames, directors } from './programs';
import type { Outcome } from './run';

export type Outcomes = Readonly<Partial<Record<DirectorName, readonly Outcome[]>>>;

type Column = readonly [title: string, cell: (outcomes: readonly Outcome[]) => string];

const columns: readonly Column[] = [
  ['runs', (outcomes) => `${outcomes.length}`],
  ['requests lost', (outcomes) => spread(outcomes.map(({ lost }) => lost))],
  [
    'last one lost after, s',
    (outcomes) =>
      spread(
        outcomes.map(({ lastLost }) => lastLost),
        1,
      ),
  ],
  ['table right after, s', doneCell],
  ['connections lost of 20', (outcomes) => spread(outcomes.map(({ connectionsLost }) => connectionsLost))],
  ['changes of the table', changesCell],
];

const title = '| event | director |';

export const tableHead = `${title}${columns.map(([name]) => ` ${name} |`).join('')}
| --- | --- |${columns.map(() => ' --: |').join('')}`;

/** The lines of an event, one for each director. */
export function tableLines(event: Event, outcomes: Outcomes): string {
  return directorNames
    .flatMap((name) => {
      const of = outcomes[name];
      if (!of) return [];
      const { title }: Director = directors[name];
      const cells = columns.map(([, cell]) => cell(event.done || cell !== doneCell ? of : []));
      return `| ${event.title} | ${title} |${cells.map((cell) => ` ${cell} |`).join('')}`;
    })
    .join('\n');
}

function doneCell(outcomes: readonly Outcome[]): string {
  const times = outcomes.flatMap(({ done }) => (done === undefined ? [] : [done]));
  const never = outcomes.length - times.length;
  const parts = [
    spread(times, 1),
    never === 0 ? '' : never === outcomes.length ? 'never' : `${never} x never`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function changesCell(outcomes: readonly Outcome[]): string {
  const sent = outcomes.flatMap((outcome) => (outcome.sent === undefined ? [] : [outcome.sent]));
  const emptied = outcomes.filter(({ emptied }) => emptied > 0).length;
  const reset = outcomes.filter(({ countersReset }) => countersReset).length;
  return [
    spread(outcomes.map(({ changes }) => changes)),
    sent.length > 0 && `${spread(sent)} sent`,
    emptied > 0 && `${emptied} x empty`,
    reset > 0 && `${reset} x counters reset`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Least, median, 95th percentile and greatest; one number if they are equal. */
export function spread(values: readonly number[], digits = 0): string {
  if (values.length === 0) return '';
  const sorted = values.toSorted((a, b) => a - b);
  const texts = [0, 0.5, 0.95, 1].map((part) => percentile(sorted, part).toFixed(digits));
  return new Set(texts).size === 1 ? texts[0]! : texts.join(' / ');
}

/** By the nearest rank. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
}
