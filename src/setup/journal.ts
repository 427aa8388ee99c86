/**
 * The journal of a set-up: what was there before each step that was made or may have been made. It is
 * written before the first step, so that a killed `up` can be taken back, and stands in /run, as what
 * it tells of ends with the machine too.
 */
import type { Former, Step } from './step';

export interface JournalEntry {
  readonly step: Step;
  readonly former: Former;
}

export interface Journal {
  read(): readonly JournalEntry[];
  /** Replaces the file; removes it if there are no entries. */
  write(entries: readonly JournalEntry[]): Promise<void>;
}

/** Identifies a step in a journal. */
export function stepKey(step: Step): string {
  return JSON.stringify(step);
}

const FORMAT = 'ipvsadm-setup';

/** The text of a journal. */
export function journalText(entries: readonly JournalEntry[]): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, entries }, undefined, 2)}\n`;
}

/** The entries of a journal's text; undefined if it is none. */
export function parseJournal(text: string): readonly JournalEntry[] | undefined {
  try {
    const { format, version, entries } = JSON.parse(text);
    return format === FORMAT && version === 1 && Array.isArray(entries) ? entries : undefined;
  } catch {
    return undefined;
  }
}
