import type { InteractiveSystem } from '../../platform/interactive-system';
import { throttledStatusLine } from '../../platform/status-line';

/** How far long work has come: a line on standard error, where that is a terminal. */
export interface Progress {
  show(done: number): void;
  /** Takes the line away. */
  end(): void;
}

/** @param what names what is counted. */
export function progressOn(system: InteractiveSystem, total: number, what: string): Progress {
  if (!system.stderrIsTerminal()) return { show: () => {}, end: () => {} };
  const line = throttledStatusLine(system, () => system.now());
  return {
    show: (done) => line.show(() => `${done} of ${total} ${what}`),
    end: line.clear,
  };
}
