/** What readers of other programs' configuration files have in common: words with their places, and what is told of them. */
import type { Problem, Span } from './diagnostics';

export interface Word extends Span {
  /** Without quotes. */
  readonly text: string;
}

/** Collects what is wrong with a file, and what of it has no place in IPVS. */
export interface Diagnostics {
  readonly problems: readonly Problem[];
  error(span: Span, message: string, hint?: string): void;
  warn(span: Span, message: string, hint?: string): void;
  /** Something that is left out because IPVS knows nothing of it: told once, with every place. */
  note(span: Span, message: string): void;
}

export function newTold(): Diagnostics {
  const found: Problem[] = [];
  const notes = new Map<string, { span: Span; also: Span[] }>();
  const once = new Set<string>();
  const tell = (severity: 'error' | 'warning') => (span: Span, message: string, hint?: string) => {
    // What stands for several services is read for each.
    const name = `${span.offset} ${message}`;
    if (once.has(name)) return;
    once.add(name);
    found.push({
      span: { offset: span.offset, length: span.length },
      message,
      severity,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  return {
    get problems() {
      const told = [...notes].map(
        ([message, { span, also }]): Problem => ({ span, message, also, severity: 'note' }),
      );
      return [...found, ...told];
    },
    error: tell('error'),
    warn: tell('warning'),
    note({ offset, length }, message) {
      const span = { offset, length };
      if (once.has(`${offset} ${message}`)) return;
      once.add(`${offset} ${message}`);
      const former = notes.get(message);
      if (former) former.also.push(span);
      else notes.set(message, { span, also: [] });
    },
  };
}

/** A decimal number; an error and undefined when the word is none. */
export function numberOf(word: Word, told: Diagnostics): number | undefined {
  if (/^[0-9]{1,15}$/.test(word.text)) return Number(word.text);
  told.error(word, `'${word.text}' is not a whole number`);
  return undefined;
}
