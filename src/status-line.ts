import { toBytes } from './byte-text';
import { OutputError, type System } from './system';

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
    } catch (error) {
      if (!(error instanceof OutputError)) throw error; // nobody is left to be told
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
