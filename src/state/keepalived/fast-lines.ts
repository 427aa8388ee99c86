/**
 * Splits the usual lines of a keepalived.conf into words, without making an object or a string for
 * each: for fast-read.ts. What `lines.ts` and `words.ts` do with definitions, conditions, sequences,
 * includes, long lines, and backslashes outside quotes is left to them.
 */
import { MAX_LINE } from './definitions';

/** Thrown where a text is not as usual. */
export class Unusual {}

const TAB = 0x09;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const BANG = 0x21;
const HASH = 0x23;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `$` and `\`, and at the beginning of a line `@` and `~`. */
const special: ReadonlySet<number> = new Set([0x24, BACKSLASH]);
const specialFirst: ReadonlySet<number> = new Set([0x40, 0x7e]);

/** No character has more than three bytes for each of its UTF-16 units: a shorter line is not cut. */
const MAX_LENGTH = Math.floor(MAX_LINE / 3);

/** The words of a line whose places are kept. */
const MAX_WORDS = 3;

/** A text that was passed. */
export interface Passed {
  readonly text: string;
  /** Where its first and last newlines are; -1: it has none. */
  readonly firstEnd: number;
  readonly lastEnd: number;
}

export function passed(text: string): Passed {
  return { text, firstEnd: text.indexOf('\n'), lastEnd: text.lastIndexOf('\n') };
}

export type Kind = 'words' | 'open' | 'close' | 'end';

export class FastLines {
  readonly text: string;
  /** How many words the present line has. */
  count = 0;
  /** Where the first of them begin and end. */
  readonly starts = new Int32Array(MAX_WORDS);
  readonly ends = new Int32Array(MAX_WORDS);
  /** Where the last of them ends. */
  end = 0;
  #at: number;
  #lineStart: number;

  constructor(text: string, from: number) {
    this.text = text;
    this.#at = from;
    this.#lineStart = from;
  }

  /**
   * Passes a line up to its first brace, or a brace. Lines without words are passed over.
   * @throws Unusual
   */
  next(): Kind {
    const { text } = this;
    this.count = 0;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === SPACE || code === TAB) this.#at += 1;
      else if (isBrace(code)) {
        if (this.count > 0) return 'words';
        this.#at += 1;
        return code === OPEN ? 'open' : 'close';
      } else if (this.#endsLine(code)) {
        if (this.count > 0) return 'words';
        if (this.#at >= text.length) return 'end';
      } else this.#word(code);
    }
  }

  /** Passes an opening brace. */
  opens(): void {
    if (this.next() !== 'open') throw new Unusual();
  }

  /** Where the next line or brace begins, or blanks before it. */
  get at(): number {
    return this.#at;
  }

  /**
   * Goes behind a text that was passed before, and that is at the beginning of the present line.
   * @returns whether it is there.
   */
  pass({ text, firstEnd, lastEnd }: Passed): boolean {
    const start = this.starts[0]!;
    if (!this.text.startsWith(text, start)) return false;
    if (firstEnd >= 0) {
      if (start + firstEnd - this.#lineStart > MAX_LENGTH) throw new Unusual();
      this.#lineStart = start + lastEnd + 1;
    }
    this.#at = start + text.length;
    return true;
  }

  word(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  #word(first: number): void {
    const { count } = this;
    if (count === 0 && specialFirst.has(first)) throw new Unusual();
    const start = this.#at;
    const end = first === QUOTE ? this.#quoted(start) : this.#unquoted(start);
    if (count < MAX_WORDS) {
      this.starts[count] = start;
      this.ends[count] = end;
    }
    this.count += 1;
    this.end = end;
    this.#at = end;
  }

  /** @returns where a word ends. */
  #unquoted(start: number): number {
    const { text } = this;
    for (let at = start; ; at++) {
      const code = text.charCodeAt(at);
      // All that ends a word, and whatever else is not usual, but letters, digits and the like.
      if (code > HASH && code < OPEN && !special.has(code)) continue;
      if (code === SPACE || code === TAB || code === QUOTE || isBrace(code) || isEnd(code)) return at;
      if (code < SPACE || special.has(code)) throw new Unusual();
    }
  }

  /** As `#unquoted`, for a text in quotes, which is a word of its own wherever it begins. */
  #quoted(start: number): number {
    const { text } = this;
    for (let at = start + 1; ; at++) {
      let code = text.charCodeAt(at);
      if (code === QUOTE) {
        // keepalived counts a brace that is a word of its own even in quotes.
        if (at === start + 2 && isBrace(text.charCodeAt(start + 1))) throw new Unusual();
        return at + 1;
      }
      // Before another character than a quote a backslash means nothing here.
      if (code === BACKSLASH) {
        at += 1;
        code = text.charCodeAt(at);
        if (code === QUOTE) throw new Unusual();
      }
      if (!(code >= SPACE) || code === 0x24) throw new Unusual();
    }
  }

  /** Passes the end of a line, or of the text, with the comment before it. */
  #endsLine(code: number): boolean {
    if (!isEnd(code)) return false;
    const { text } = this;
    const found = text.indexOf('\n', this.#at);
    const end = found < 0 ? text.length : found;
    if (end - this.#lineStart > MAX_LENGTH) throw new Unusual();
    const isComment = code === BANG || code === HASH;
    for (let at = this.#at; at < end; at++) {
      const inside = text.charCodeAt(at);
      if (isComment ? inside === 0x5c : inside !== RETURN) throw new Unusual();
    }
    this.#at = Math.min(end + 1, text.length);
    this.#lineStart = this.#at;
    return true;
  }
}

function isBrace(code: number): boolean {
  return code === OPEN || code === CLOSE;
}

/** Whether a character begins the end of a line: a comment, carriage returns, the newline, or nothing. */
function isEnd(code: number): boolean {
  return code === NEWLINE || code === RETURN || code === BANG || code === HASH || Number.isNaN(code);
}
