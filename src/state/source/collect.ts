/**
 * Shared by the readers of imported formats: words with their places, and the problems that are
 * found.
 */
import type { Problem, Span } from './diagnostics';

export interface Word extends Span {
  /** Without quotes. */
  readonly text: string;
}

/** Collects the problems of a file, each once even when its place is read several times. */
export interface Diagnostics {
  readonly problems: readonly Problem[];
  error(span: Span, message: string, hint?: string): void;
  warn(span: Span, message: string, hint?: string): void;
  /** Notes something that IPVS does not have: one note for all places with the same message. */
  note(span: Span, message: string): void;
}

export function newDiagnostics(): Diagnostics {
  const errorsAndWarnings: Problem[] = [];
  const notes = new Map<string, { span: Span; also: Span[] }>();
  /** Offsets by message. */
  const seen = new Map<string, Set<number>>();
  /** A block that describes several services is read once for each of them. */
  const isFirst = ({ offset }: Span, message: string) => {
    const offsets = seen.get(message);
    if (!offsets) seen.set(message, new Set([offset]));
    else if (offsets.has(offset)) return false;
    else offsets.add(offset);
    return true;
  };
  const reportAs = (severity: 'error' | 'warning') => (span: Span, message: string, hint?: string) => {
    if (!isFirst(span, message)) return;
    errorsAndWarnings.push({
      span: { offset: span.offset, length: span.length },
      message,
      severity,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  return {
    get problems() {
      return [
        ...errorsAndWarnings,
        ...[...notes].map(
          ([message, { span, also }]): Problem => ({ span, message, also, severity: 'note' }),
        ),
      ];
    },
    error: reportAs('error'),
    warn: reportAs('warning'),
    note({ offset, length }, message) {
      const span = { offset, length };
      if (!isFirst(span, message)) return;
      const first = notes.get(message);
      if (first) first.also.push(span);
      else notes.set(message, { span, also: [] });
    },
  };
}

/**
 * Returns the decimal number that a word is; undefined, with an error reported, when it is not one.
 */
export function numberOf(word: Word, diagnostics: Diagnostics): number | undefined {
  if (/^[0-9]{1,15}$/.test(word.text)) return Number(word.text);
  diagnostics.error(word, `'${word.text}' is not a whole number`);
  return undefined;
}
