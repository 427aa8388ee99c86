/** Reads strict JSON (RFC 8259) and tells its parts to a sink. */
import type { Sink } from './sink';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Longer texts are sliced from the source, and need no memory of their own. */
const MAX_SHARED_LENGTH = 12;
/** More different texts than this are not shared. */
const MAX_SHARED = 4096;

/** Thrown where the text is not JSON. */
class NotJson {}

/**
 * Returns whether `text` is JSON; otherwise the sink has got the parts before the mistake.
 * @throws what the sink throws.
 */
export function readJson(text: string, sink: Sink): boolean {
  const reader = new Reader(text, sink);
  try {
    reader.read();
    return true;
  } catch (error) {
    if (error instanceof NotJson) return false;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  readonly #sink: Sink;
  /** Texts that are in every line, such as the names of fields. */
  readonly #shared = new Map<string, string>();
  #at = 0;

  constructor(text: string, sink: Sink) {
    this.#text = text;
    this.#sink = sink;
  }

  read(): void {
    this.#value(this.#next());
    if (!Number.isNaN(this.#next())) throw new NotJson();
  }

  /** Passes white space. Returns the character that follows: NaN at the end. */
  #next(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return code;
      this.#at += 1;
    }
  }

  #value(code: number): void {
    const from = this.#at;
    if (code === QUOTE) this.#sink.scalar(this.#string(), from, this.#at);
    else if (code === OPEN_OBJECT) this.#object();
    else if (code === OPEN_LIST) this.#list();
    else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      this.#sink.scalar(this.#number(), from, this.#at);
    } else this.#sink.scalar(this.#word(code), from, this.#at);
  }

  #object(): void {
    this.#sink.openObject(this.#at);
    this.#at += 1;
    let code = this.#next();
    if (code === CLOSE_OBJECT) this.#at += 1;
    else {
      for (;;) {
        if (code !== QUOTE) throw new NotJson();
        const from = this.#at;
        this.#sink.name(this.#string(), from, this.#at);
        if (this.#next() !== COLON) throw new NotJson();
        this.#at += 1;
        this.#value(this.#next());
        if (!this.#goesOn(CLOSE_OBJECT)) break;
        code = this.#next();
      }
    }
    this.#sink.close();
  }

  #list(): void {
    this.#sink.openList(this.#at);
    this.#at += 1;
    if (this.#next() === CLOSE_LIST) this.#at += 1;
    else {
      do this.#value(this.#next());
      while (this.#goesOn(CLOSE_LIST));
    }
    this.#sink.close();
  }

  /** Passes a comma, or the bracket that ends an object or list. */
  #goesOn(close: number): boolean {
    const code = this.#next();
    if (code !== COMMA && code !== close) throw new NotJson();
    this.#at += 1;
    return code === COMMA;
  }

  #string(): string {
    const text = this.#text;
    const from = this.#at + 1;
    let at = from;
    let escaped = false;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (!(code >= 0x20)) throw new NotJson(); // NaN at the end
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
      }
      at += 1;
    }
    this.#at = at + 1;
    return escaped ? unescaped(text.slice(from - 1, at + 1)) : this.#share(text.slice(from, at));
  }

  #share(text: string): string {
    if (text.length > MAX_SHARED_LENGTH || !(text.charCodeAt(0) >= 0x40)) return text;
    const known = this.#shared.get(text);
    if (known !== undefined) return known;
    if (this.#shared.size < MAX_SHARED) this.#shared.set(text, text);
    return text;
  }

  #number(): number {
    numberPattern.lastIndex = this.#at;
    if (!numberPattern.test(this.#text)) throw new NotJson();
    const from = this.#at;
    this.#at = numberPattern.lastIndex;
    return Number(this.#text.slice(from, this.#at));
  }

  #word(code: number): boolean | null {
    const word = code === 0x74 ? 'true' : code === 0x66 ? 'false' : 'null';
    if (!this.#text.startsWith(word, this.#at)) throw new NotJson();
    this.#at += word.length;
    return word === 'null' ? null : word === 'true';
  }
}

function unescaped(literal: string): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw new NotJson();
  }
}
