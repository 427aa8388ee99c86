/** A terminal that a command has for itself. */
import type { Interruption } from './interactive-system';

/** What can happen while a command waits. SIGHUP: the terminal is gone. */
export type ScreenEvent =
  | { readonly kind: 'time' }
  | { readonly kind: 'keys'; readonly text: string }
  | { readonly kind: 'resized' }
  | { readonly kind: 'signal'; readonly signal: Interruption | 'SIGHUP' };

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  /** Shows lines in one write, from the first row on. They must not be longer than a row. */
  draw(lines: readonly string[]): void;
  /** Waits for something to happen, for some milliseconds at most. */
  next(milliseconds: number): Promise<ScreenEvent>;
  /** Gives the terminal back, and stops as the shell's job control does, until it goes on. */
  suspend(): void;
  /** Gives the terminal back as it was. */
  close(): void;
}
