/**
 * The journal of a set-up: what was there before each step that was made or may have been made. It is
 * written before the first step, so that a killed `up` can be taken back, and stands in /run, as what
 * it tells of ends with the machine too.
 */
import { parseAddress } from '../model/address';
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
    const whole = format === FORMAT && version === 1 && Array.isArray(entries) && entries.every(isEntry);
    return whole ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the parts of an entry that lead somewhere, to a file or an address, are of the right form. */
function isEntry(entry: unknown): entry is JournalEntry {
  const { step, former } = (entry ?? {}) as Partial<JournalEntry>;
  if (typeof step !== 'object' || step === null) return false;
  if (former !== null && typeof former !== 'string') return false;
  switch (step.kind) {
    case 'sysctl':
      return /^net\/[^\s]+$/.test(step.name) && !step.name.split('/').includes('..');
    case 'address':
      return parseAddress(`${step.address}`) !== undefined && Number.isInteger(step.prefix);
    case 'tunnel':
      return parseAddress(`${step.local}`) !== undefined;
    default:
      return typeof step.kind === 'string';
  }
}
