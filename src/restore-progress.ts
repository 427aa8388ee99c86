/** How far a restore has come: a line on standard error, where that is a terminal. Loaded where it is asked for. */
import { statusLine } from './status-line';
import type { System } from './system';

/** Milliseconds before anything is shown, and between two showings. */
const PATIENCE = 1000;
const PAUSE = 100;

/** Fewer lines are no long work: somebody may be typing them. */
const FEWEST = 1000;

export interface RestoreProgress {
  /** @param refused how many of the lines were refused. */
  show(lines: number, refused: number): void;
  /** Takes the line away, before something else is printed. */
  clear(): void;
}

/** @param now milliseconds since some moment. */
export function restoreProgress(
  system: Pick<System, 'write' | 'stderrIsTerminal'>,
  now: () => number = Date.now,
): RestoreProgress | undefined {
  if (!system.stderrIsTerminal()) return undefined;
  const line = statusLine(system);
  const start = now();
  let next = start + PATIENCE;
  return {
    show(lines, refused) {
      if (lines < FEWEST) return;
      const moment = now();
      if (moment < next) return;
      next = moment + PAUSE;
      const rate = Math.round((lines * 1000) / (moment - start));
      line.show(`${lines} lines, ${rate} a second, ${refused} refused`);
    },
    clear: line.clear,
  };
}
