/**
 * Progress of long work: one line on standard error, rewritten in place, where that is a terminal.
 */
import { toBytes } from '../bytes/byte-text';
import type { System } from './system';

export interface Progress {
  /**
   * Shows a line if it is time to.
   * @param line builds its text, called only then; `elapsed` is the time since the work began, in
   * milliseconds.
   */
  show(line: (elapsed: number) => string): void;
  /** Erases the line: before other output, and when the work ends. */
  clear(): void;
}

/** Milliseconds: from the start of the work to the first line, and from one line to the next. */
export interface Pace {
  readonly delay: number;
  readonly interval: number;
}

/** For work that is usually over before anybody wonders. */
const usualPace: Pace = { delay: 1000, interval: 100 };

/**
 * The progress of work that begins now.
 * @param now milliseconds since some fixed moment.
 * @returns undefined when standard error is not a terminal.
 */
export function terminalProgress(
  system: Pick<System, 'write' | 'stderrIsTerminal'>,
  now: () => number,
  { delay, interval }: Pace = usualPace,
): Progress | undefined {
  if (!system.stderrIsTerminal()) return undefined;
  const start = now();
  let next = start + delay;
  let width = 0;
  const write = (text: string) => {
    try {
      system.write('stderr', toBytes(`\r${text.padEnd(width)}\r`));
    } catch {
      // Standard error is not writable: the work goes on without progress.
    }
    width = text.length;
  };
  return {
    show(line) {
      const moment = now();
      if (moment < next) return;
      next = moment + interval;
      write(line(moment - start));
    },
    clear() {
      if (width > 0) write('');
    },
  };
}
