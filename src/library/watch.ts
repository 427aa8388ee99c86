import { type TableEvent, tableFollower } from '../state/plan/table-events';
import type { WholeState } from '../state/table/table-state';
import { checkSettings } from './settings';

/** How a table is watched. */
export interface WatchOptions {
  /** Milliseconds between two looks at the table, 10 or more; default 2000. */
  readonly interval?: number | undefined;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

const LEAST_INTERVAL = 10;
/** Of the timers of Node. */
const MOST_INTERVAL = 2 ** 31 - 1;
const USUAL_INTERVAL = 2000;

/** @param look reads the table; called at once, so that no change after this call is missed. */
export function watchTable(look: () => WholeState, options: WatchOptions): AsyncGenerator<TableEvent, void> {
  checkSettings('watch', options, {
    interval: (value) =>
      value === undefined || (typeof value === 'number' && value >= LEAST_INTERVAL && value <= MOST_INTERVAL)
        ? undefined
        : `a number of milliseconds from ${LEAST_INTERVAL} to ${MOST_INTERVAL}`,
    signal: (value) => (value === undefined || value instanceof AbortSignal ? undefined : 'an AbortSignal'),
  });
  return events(look(), look, options);
}

async function* events(
  first: WholeState,
  look: () => WholeState,
  { interval = USUAL_INTERVAL, signal }: WatchOptions,
): AsyncGenerator<TableEvent, void> {
  const happened = tableFollower(first);
  for (;;) {
    await sleep(interval, signal);
    if (signal?.aborted) return;
    yield* happened(look());
  }
}

/** With the global timer, which users' tests can replace. */
async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
