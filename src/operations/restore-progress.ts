/** How far a restore has come: a line on standard error, where that is a terminal. Loaded where it is asked for. */
import { throttledStatusLine } from '../platform/status-line';
import type { System } from '../platform/system';

/** Fewer lines are no long work: somebody may be typing them. */
const MIN_LINES = 1000;

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
  const start = now();
  const line = throttledStatusLine(system, now);
  return {
    show(lines, refused) {
      if (lines < MIN_LINES) return;
      line.show((moment) => {
        const rate = Math.round((lines * 1000) / (moment - start));
        return `${lines} lines, ${rate} a second, ${refused} refused`;
      });
    },
    clear: line.clear,
  };
}
