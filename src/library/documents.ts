/** State documents (docs/state.md) for library users; what reads and writes them is loaded when it is needed. */
import type { Planned } from '../state/plan/apply';
import type { TableState } from '../state/table/table-state';

/** A mistake in a document, or something in it that is hardly intended. */
export interface DocumentProblem {
  /**
   * `error`: the document cannot be used; `warning`: something will not be as it says; `note`:
   * something is hardly intended.
   */
  readonly severity: 'error' | 'warning' | 'note';
  readonly message: string;
  /** What would be right. */
  readonly hint?: string | undefined;
  /** From 1; absent for a problem of the whole text. */
  readonly line?: number | undefined;
  /** From 1, in characters. */
  readonly column?: number | undefined;
}

/** A state document that has been read. */
export interface ReadDocument {
  /** The table that the document describes; parts that it does not have are absent. */
  readonly state: TableState;
  /** Warnings and notes. */
  readonly problems: readonly DocumentProblem[];
}

/** A text that is no usable state document. Its message shows each problem with its line, for people. */
export class DocumentError extends Error {
  /** @param message names each problem with its line. */
  constructor(
    message: string,
    /** Errors, and what else was found. */
    readonly problems: readonly DocumentProblem[],
  ) {
    super(message);
    this.name = 'DocumentError';
  }
}

/**
 * Reads a state document of version 1 or 2, in JSON or YAML; of version 2, its table alone.
 * @param name of the file, for messages; `.json` and `.yaml` decide how the text is read.
 * @throws DocumentError with all mistakes.
 */
export function readDocument(text: string, name = 'document'): ReadDocument {
  const { message, problems, state } = extras().read(text, name);
  if (message !== undefined) throw new DocumentError(message, problems);
  return { state, problems };
}

/** The text of a state document of version 1, in JSON, a service or a real server on each line. */
export function writeDocument(state: TableState): string {
  return extras().write(state);
}

/** A plan for people: rules of ipvsadm, `-` before those that go and `+` before those that come. */
export function planLines(plan: Planned): string[] {
  return extras().planLines(plan);
}

function extras(): typeof import('./extras') {
  return require('./extras') as typeof import('./extras');
}
