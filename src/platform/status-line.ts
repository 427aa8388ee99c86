import { toBytes } from '../bytes/byte-text';
import type { System } from './system';

/** Milliseconds before anything is shown, and between two showings. */
const PATIENCE = 1000;
const PAUSE = 100;

/** One line on standard error, where that is a terminal, that is written again and again. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

export function statusLine(system: Pick<System, 'write'>): StatusLine {
  let width = 0;
  const show = (text: string) => {
    try {
      system.write('stderr', toBytes(`\r${text.padEnd(width)}\r`));
    } catch {
      // It did not take it: nobody is left to be told.
    }
    width = text.length;
  };
  return {
    show,
    clear: () => {
      if (width > 0) show('');
    },
  };
}

/** A status line of long work: it comes after a second and is written again ten times a second at most. */
export interface ThrottledStatusLine {
  /** @param text of a moment, in the milliseconds of `now`; asked for when it is shown. */
  show(text: (moment: number) => string): void;
  clear(): void;
}

/** @param now milliseconds since some moment. */
export function throttledStatusLine(system: Pick<System, 'write'>, now: () => number): ThrottledStatusLine {
  const line = statusLine(system);
  let next = now() + PATIENCE;
  return {
    show(text) {
      const moment = now();
      if (moment < next) return;
      next = moment + PAUSE;
      line.show(text(moment));
    },
    clear: line.clear,
  };
}
