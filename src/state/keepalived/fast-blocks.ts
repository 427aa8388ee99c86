/**
 * Passes the statements that fast-read.ts does not convert itself: those that are ignored, with the
 * notes about them, and those about checks, as texts that fast-checks.ts has converted.
 */
import type { Diagnostics } from '../source/collect';
import { type FastLines, type Passed, passed, Unusual } from './fast-lines';
import type { Keyword, Keywords } from './keywords';

/** The text of a statement about checks, with its block. */
export interface CheckText {
  /** Its number: equal texts are one. */
  readonly id: number;
  readonly text: string;
  /** Whether it is a check, or else a setting of checks. */
  readonly isCheck: boolean;
  /** Notes about what is ignored in it; their places count from its beginning. */
  readonly notes: readonly PlacedNote[];
}

export interface PlacedNote {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** A keyword, and the message of its note. */
interface Known {
  readonly keyword: Keyword;
  readonly note: string | undefined;
}

const tables = new WeakMap<Keywords, ReadonlyMap<string, Known>>();

function tableOf(keywords: Keywords): ReadonlyMap<string, Known> {
  const known = tables.get(keywords);
  if (known) return known;
  const table = new Map(
    Object.entries(keywords).map(([name, keyword]): [string, Known] => [
      name,
      {
        keyword,
        note: keyword.ignored === undefined ? undefined : `'${name}' is ignored: ${keyword.ignored}`,
      },
    ]),
  );
  tables.set(keywords, table);
  return table;
}

/** How many texts of a keyword are looked for where it begins: scanning takes longer. */
const MAX_RECENT = 8;

interface Recent {
  readonly passed: Passed;
  readonly text: CheckText;
}

export class FastBlocks {
  readonly #lines: FastLines;
  readonly #diagnostics: Diagnostics;
  readonly #texts = new Map<string, CheckText>();
  /** The last blocks of each keyword, the most recent one first. */
  readonly #recent = new Map<string, Recent[]>();
  /** Where the notes of a block that is scanned are collected. */
  #notes: PlacedNote[] | undefined;

  constructor(lines: FastLines, diagnostics: Diagnostics) {
    this.#lines = lines;
    this.#diagnostics = diagnostics;
  }

  /** Passes the present statement. @returns its text if it is about checks; undefined if it is ignored. */
  pass(name: string, keywords: Keywords): CheckText | undefined {
    const known = knownOf(name, keywords);
    const { keyword, note } = known;
    if (keyword.field === 'check') return keyword.block ? this.#block(name, known) : this.#statement(known);
    if (note === undefined) throw new Unusual();
    this.#scan(known, false);
    return undefined;
  }

  #statement({ keyword }: Known): CheckText {
    const { text, starts, end, count } = this.#lines;
    if (count <= (keyword.needs ?? 0)) throw new Unusual();
    return this.#textOf(text.slice(starts[0], end), false, []);
  }

  #textOf(text: string, isCheck: boolean, notes: readonly PlacedNote[]): CheckText {
    const known = this.#texts.get(text);
    if (known) return known;
    const made = { id: this.#texts.size, text, isCheck, notes };
    this.#texts.set(text, made);
    return made;
  }

  #block(name: string, known: Known): CheckText {
    const start = this.#lines.starts[0]!;
    const recent = this.#recent.get(name) ?? [];
    const at = recent.findIndex((one) => this.#lines.pass(one.passed));
    if (at >= 0) {
      const one = recent[at]!;
      if (at > 0) recent.unshift(...recent.splice(at, 1));
      for (const { offset, length, message } of one.text.notes)
        this.#diagnostics.note({ offset: start + offset, length }, message);
      return one.text;
    }
    const notes: PlacedNote[] = [];
    this.#notes = notes;
    this.#scan(known, false);
    this.#notes = undefined;
    const whole = this.#lines.text.slice(start, this.#lines.at);
    const text = this.#textOf(
      whole,
      true,
      notes.map((note) => ({ ...note, offset: note.offset - start })),
    );
    recent.unshift({ passed: passed(whole), text });
    if (recent.length > MAX_RECENT) recent.pop();
    this.#recent.set(name, recent);
    return text;
  }

  /** @param quiet whether the block is ignored, with the keywords that are not known. */
  #scan({ keyword, note }: Known, quiet: boolean): void {
    const lines = this.#lines;
    if (keyword.skipped || keyword.block === 'values' || lines.count <= (keyword.needs ?? 0))
      throw new Unusual();
    if (note !== undefined) {
      const offset = lines.starts[0]!;
      const length = lines.ends[0]! - offset;
      this.#diagnostics.note({ offset, length }, note);
      this.#notes?.push({ offset, length, message: note });
    }
    if (!keyword.block) return;
    const isQuiet = quiet || keyword.ignored !== undefined;
    lines.opens();
    for (let kind = lines.next(); kind !== 'close'; kind = lines.next()) {
      if (kind !== 'words') throw new Unusual();
      const name = lines.word(0);
      if (isQuiet && !tableOf(keyword.block).has(name)) {
        if (name.startsWith('include')) throw new Unusual();
      } else this.#scan(knownOf(name, keyword.block), isQuiet);
    }
  }
}

function knownOf(name: string, keywords: Keywords): Known {
  const known = tableOf(keywords).get(name);
  if (!known) throw new Unusual();
  return known;
}
