/**
 * Fast path of parse-yaml.ts: reads YAML in the form in which tables are usually written, and
 * leaves everything else to the yaml package, which needs several kilobytes for each value. Held
 * equal to it by test/state/source/plain-yaml.test.ts.
 *
 * Block mappings and sequences, flow collections within a line, plain scalars that cannot be
 * anything else, quoted ones with the escapes of JSON at most, anchors, aliases and comments.
 */
import { escapedText } from './escaped-text';
import type { Sink } from './sink';

/** Thrown where the text has another form. */
class Unusual {}

const SPACE = 0x20;
const HASH = 0x23;
const COMMA = 0x2c;
const DASH = 0x2d;
const COLON = 0x3a;

/**
 * Returns whether `text` has the usual form; otherwise the sink has got a part of it.
 * @throws what the sink throws.
 */
export function readPlainYaml(text: string, sink: Sink): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters, tabs, other line ends
  if (/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(text)) return false;
  try {
    new Reader(text, sink).read();
    return true;
  } catch (error) {
    if (error instanceof Unusual) return false;
    throw error;
  }
}

const keyPattern = /[A-Za-z_][\w-]*/y;
const plainPattern = /[A-Za-z0-9][\w.:/+-]*/y;
const anchorPattern = /[\w-]+/y;
/** YAML does not have longer keys without a question mark. */
const MAX_KEY_LENGTH = 1000;
/** Names that are no strings, in any of their spellings. */
const word = /^(?:null|true|false)$/i;

class Reader {
  readonly #text: string;
  readonly #sink: Sink;
  /** Whether the value of each anchor is complete: it may not contain its own alias. */
  readonly #anchors = new Map<string, boolean>();
  /** Texts that are in every line, such as names of fields. */
  readonly #shared = new Map<string, string>();
  #at = 0;
  /** Of the current line: the column of its content, where that begins and where the line ends. */
  #indent = -1;
  #end = -1;

  constructor(text: string, sink: Sink) {
    this.#text = text;
    this.#sink = sink;
  }

  read(): void {
    this.#nextLine();
    if (this.#indent === 0 && this.#text.slice(this.#at, this.#end) === '---') this.#nextLine();
    if (this.#indent < 0) throw new Unusual();
    this.#block();
    if (this.#indent >= 0) throw new Unusual();
  }

  /** Goes to the next line that is neither empty nor a comment; at the end the indent is -1. */
  #nextLine(): void {
    const text = this.#text;
    for (let start = this.#end + 1; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      let at = start;
      while (text.charCodeAt(at) === SPACE) at += 1;
      if (at < end && text.charCodeAt(at) !== HASH) {
        this.#at = at;
        this.#indent = at - start;
        this.#end = end;
        return;
      }
      start = end + 1;
    }
    this.#indent = -1;
  }

  /** A block mapping or sequence that begins in the current line. */
  #block(): void {
    if (this.#isItem()) this.#sequence();
    else this.#mapping();
  }

  #isItem(): boolean {
    const next = this.#at + 1;
    return this.#code() === DASH && (next >= this.#end || this.#text.charCodeAt(next) === SPACE);
  }

  #sequence(): void {
    const indent = this.#indent;
    this.#sink.openList(this.#at);
    while (this.#indent === indent && this.#isItem()) {
      this.#at += 1;
      this.#skipSpaces();
      if (this.#isKey()) {
        this.#indent = this.#at - (this.#text.lastIndexOf('\n', this.#at) + 1);
        this.#mapping();
      } else this.#blockValue(indent, false);
    }
    if (this.#indent > indent) throw new Unusual();
    this.#sink.close();
  }

  #mapping(): void {
    const indent = this.#indent;
    this.#sink.openObject(this.#at);
    do {
      if (!this.#isKey()) throw new Unusual();
      this.#key();
      this.#skipSpaces();
      this.#blockValue(indent, true);
    } while (this.#indent === indent && !this.#isItem());
    if (this.#indent >= indent) throw new Unusual();
    this.#sink.close();
  }

  /** Whether a plain key and a colon with white space are next. */
  #isKey(): boolean {
    const end = this.#endOf(keyPattern);
    if (end === this.#at || this.#text.charCodeAt(end) !== COLON) return false;
    return end + 1 >= this.#end || this.#text.charCodeAt(end + 1) === SPACE;
  }

  #key(): void {
    const from = this.#at;
    const end = this.#endOf(keyPattern);
    const name = this.#text.slice(from, end);
    if (name.length > MAX_KEY_LENGTH || word.test(name)) throw new Unusual();
    this.#sink.name(this.#share(name), from, end);
    this.#at = end + 1;
  }

  /** The value of a field or item: the rest of the line, or a block in the lines after it. */
  #blockValue(indent: number, ofField: boolean): void {
    const anchor = this.#anchor();
    if (!this.#atEndOfContent()) {
      if (anchor !== undefined && this.#isKey()) throw new Unusual();
      this.#value(false);
      if (!this.#atEndOfContent()) throw new Unusual();
      this.#nextLine();
      if (this.#indent > indent) throw new Unusual();
    } else {
      this.#nextLine();
      const isInner = this.#indent > indent || (ofField && this.#indent === indent && this.#isItem());
      if (!isInner) throw new Unusual();
      this.#block();
    }
    if (anchor !== undefined) this.#anchors.set(anchor, true);
  }

  /** Reads an anchor, if one is next, and passes the spaces after it. */
  #anchor(): string | undefined {
    if (this.#text[this.#at] !== '&') return undefined;
    this.#at += 1;
    const name = this.#take(anchorPattern);
    if (this.#at < this.#end && this.#code() !== SPACE) throw new Unusual();
    this.#skipSpaces();
    if (this.#text[this.#at] === '*') throw new Unusual();
    this.#anchors.set(name, false);
    this.#sink.anchor(name);
    return name;
  }

  #value(inFlow: boolean): void {
    const from = this.#at;
    const mark = this.#text[from];
    if (mark === '{') this.#flowMapping();
    else if (mark === '[') this.#flowSequence();
    else if (mark === '"' || mark === "'") this.#sink.scalar(this.#quoted(mark), from, this.#at);
    else if (mark === '*') {
      this.#at += 1;
      const name = this.#take(anchorPattern);
      if (!this.#anchors.get(name)) throw new Unusual();
      this.#sink.alias(name, from, this.#at);
    } else this.#sink.scalar(this.#plain(), from, this.#at);
    const next = this.#at < this.#end ? this.#text[this.#at]! : ' ';
    if (!(inFlow ? ' ,]}' : ' ').includes(next)) throw new Unusual();
  }

  #flowMapping(): void {
    this.#sink.openObject(this.#at);
    this.#items('}', () => {
      if (!this.#isKey()) throw new Unusual();
      this.#key();
      this.#skipSpaces();
      this.#flowValue();
    });
    this.#sink.close();
  }

  #flowSequence(): void {
    this.#sink.openList(this.#at);
    this.#items(']', () => {
      if (this.#isKey()) throw new Unusual();
      this.#flowValue();
    });
    this.#sink.close();
  }

  #flowValue(): void {
    const anchor = this.#anchor();
    this.#value(true);
    if (anchor !== undefined) this.#anchors.set(anchor, true);
  }

  /** The items of a flow collection, which ends in the line in which it begins. */
  #items(close: string, readItem: () => void): void {
    this.#at += 1;
    this.#skipSpaces();
    if (this.#text[this.#at] !== close) {
      for (;;) {
        readItem();
        this.#skipSpaces();
        if (this.#code() !== COMMA) break;
        this.#at += 1;
        this.#skipSpaces();
      }
      if (this.#text[this.#at] !== close) throw new Unusual();
    }
    this.#at += 1;
  }

  /** The text in quotes; in double ones with the escapes that JSON has too. */
  #quoted(quote: string): string {
    const from = this.#at + 1;
    const close = this.#text.indexOf(quote, from);
    if (close < 0 || close >= this.#end) throw new Unusual();
    const inner = this.#text.slice(from, close);
    if (quote === '"' && inner.includes('\\')) {
      const escaped = escapedText(this.#text, from, this.#end);
      if (!escaped) throw new Unusual();
      this.#at = escaped.close + 1;
      return escaped.value;
    }
    if (quote === "'" && this.#text[close + 1] === quote) throw new Unusual();
    this.#at = close + 1;
    return this.#share(inner);
  }

  #plain(): string | number | boolean {
    const text = this.#take(plainPattern);
    if (text.endsWith(':')) throw new Unusual();
    if (/^(?:0|[1-9][0-9]{0,14})$/.test(text)) return Number(text);
    if (word.test(text)) {
      if (text !== 'true' && text !== 'false') throw new Unusual();
      return text === 'true';
    }
    // Addresses are strings; other texts that begin with a digit may be numbers.
    if (/^[0-9]/.test(text) && !/:|\..*\./.test(text)) throw new Unusual();
    return this.#share(text);
  }

  #share(text: string): string {
    if (text.length > 12 || !(text.charCodeAt(0) > 0x40)) return text;
    const known = this.#shared.get(text);
    if (known === undefined && this.#shared.size < 4096) this.#shared.set(text, text);
    return known ?? text;
  }

  #take(pattern: RegExp): string {
    const from = this.#at;
    this.#at = this.#endOf(pattern);
    if (this.#at === from) throw new Unusual();
    return this.#text.slice(from, this.#at);
  }

  /** The end of what a sticky pattern matches here. */
  #endOf(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex : this.#at;
  }

  #skipSpaces(): void {
    while (this.#code() === SPACE) this.#at += 1;
  }

  /** Passes spaces. Returns whether only a comment is left of the line. */
  #atEndOfContent(): boolean {
    const from = this.#at;
    this.#skipSpaces();
    if (this.#at >= this.#end) return true;
    return this.#code() === HASH && (this.#at > from || this.#text.charCodeAt(from - 1) === SPACE);
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }
}
