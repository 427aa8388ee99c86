/**
 * Shared by the readers of imported formats: words with their places, and the problems that are
 * found.
 */
import { MAX_PLACES, type Problem, type Span } from './diagnostics';
import { MAX_PROBLEMS, ProblemList } from './problem-list';

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
  const errorsAndWarnings = new ProblemList<Problem>();
  const notes = new Map<string, { span: Span; also: Span[]; count: number }>();
  /** The offsets at which each message was reported. */
  const seen = new Map<string, Set<number>>();
  /** A block that describes several services is read once for each of them. */
  const isFirst = ({ offset }: Span, message: string) => {
    const places = seen.get(message) ?? new Set();
    if (places.has(offset)) return false;
    seen.set(message, places.add(offset));
    return true;
  };
  const reportAs = (severity: 'error' | 'warning') => (span: Span, message: string, hint?: string) => {
    if (errorsAndWarnings.full || !isFirst(span, message)) return;
    const { offset, length } = span;
    errorsAndWarnings.add({
      span: { offset, length },
      message,
      severity,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  return {
    get problems() {
      return [
        ...errorsAndWarnings.problems,
        ...Array.from(
          notes,
          ([message, { span, also, count }]): Problem => ({
            span,
            message,
            also,
            alsoCount: count,
            severity: 'note',
          }),
        ),
      ];
    },
    error: reportAs('error'),
    warn: reportAs('warning'),
    note({ offset, length }, message) {
      const span = { offset, length };
      const first = notes.get(message);
      if (!first && notes.size >= MAX_PROBLEMS) return;
      if (!isFirst(span, message)) return;
      if (!first) notes.set(message, { span, also: [], count: 0 });
      else {
        first.count += 1;
        if (first.also.length < MAX_PLACES) first.also.push(span);
      }
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
