import { statusLine } from '../status-line';
import type { WordSystem } from '../word-system';

/** Milliseconds before anything is shown, and between two showings. */
const PATIENCE = 1000;
const PAUSE = 100;

/** How far long work has come: a line on standard error, where that is a terminal. */
export interface Progress {
  show(done: number): void;
  /** Takes the line away. */
  end(): void;
}

/** @param what names what is counted. */
export function progressOn(system: WordSystem, total: number, what: string): Progress {
  if (!system.stderrIsTerminal()) return { show: () => {}, end: () => {} };
  let next = system.now() + PATIENCE;
  const line = statusLine(system);
  return {
    show(done) {
      const now = system.now();
      if (now < next) return;
      next = now + PAUSE;
      line.show(`${done} of ${total} ${what}`);
    },
    end: line.clear,
  };
}
