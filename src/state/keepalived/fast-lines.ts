/**
 * Splits the usual lines of a keepalived.conf into words, without making an object or a string for
 * each: for fast-read.ts. What `lines.ts` and `words.ts` do with quotes, backslashes, definitions,
 * conditions, sequences, includes and long lines is left to them.
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

/** `"`, `$`, `\`, and at the beginning of a line `@` and `~`. */
const special: ReadonlySet<number> = new Set([0x22, 0x24, 0x5c]);
const specialFirst: ReadonlySet<number> = new Set([0x40, 0x7e]);

/** No character has more than three bytes for each of its UTF-16 units: a shorter line is not cut. */
const MAX_LENGTH = Math.floor(MAX_LINE / 3);

/** The words of a line whose places are kept. */
const MAX_WORDS = 3;

export type Kind = 'words' | 'open' | 'close' | 'end';

export class FastLines {
  readonly text: string;
  /** How many words the present line has. */
  count = 0;
  /** Where the first of them begin and end. */
  readonly starts = new Int32Array(MAX_WORDS);
  readonly ends = new Int32Array(MAX_WORDS);
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
      else if (code === OPEN || code === CLOSE) {
        if (this.count > 0) return 'words';
        this.#at += 1;
        return code === OPEN ? 'open' : 'close';
      } else if (this.#endsLine(code)) {
        if (this.count > 0) return 'words';
        if (this.#at >= text.length) return 'end';
      } else this.#word(code);
    }
  }

  word(index: number): string {
    return this.text.slice(this.starts[index], this.ends[index]);
  }

  #word(first: number): void {
    const { text, count } = this;
    if (count === 0 && specialFirst.has(first)) throw new Unusual();
    const start = this.#at;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      // All that ends a word, and whatever else is not usual, but letters, digits and the like.
      if (!(code > HASH) || code >= OPEN || special.has(code)) {
        if (code === SPACE || code === TAB || code === OPEN || code === CLOSE || isEnd(code)) break;
        if (code < SPACE || special.has(code)) throw new Unusual();
      }
      at += 1;
    }
    if (count < MAX_WORDS) {
      this.starts[count] = start;
      this.ends[count] = at;
    }
    this.count += 1;
    this.#at = at;
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

/** Whether a character begins the end of a line: a comment, carriage returns, the newline, or nothing. */
function isEnd(code: number): boolean {
  return code === NEWLINE || code === RETURN || code === BANG || code === HASH || Number.isNaN(code);
}
