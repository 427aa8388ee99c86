/** Reads the blocks of a keepalived.conf as keepalived does (parser.c, process_stream). */
import type { Diagnostics, Word } from '../source/collect';
import { nearest } from '../source/suggest';
import type { Keyword, Keywords } from './keywords';
import type { Text } from './text';
import { type Words, wordsOf } from './words';

/** What the statements of a block do, by keyword, and what its end does. */
export interface Handlers {
  readonly statements: Readonly<Record<string, (words: Words, reader: BlockReader) => void>>;
  /** The handlers of blocks in this block, by keyword. */
  readonly blocks?: Readonly<Record<string, Handlers>>;
  readonly end?: () => void;
}

export interface BlockReader {
  /** Skips the block of the present statement. Its end is not handled. */
  skipBlock(): void;
  /** Reads the lines of a block whose words are not keywords. */
  valueBlock(use: (words: Words) => void): void;
}

interface Block {
  readonly keywords: Keywords;
  readonly known: ReadonlyMap<string, Keyword>;
  readonly handlers: Handlers;
  /** What messages call it. */
  readonly place: string;
  /** Whether unknown keywords do not matter, because the block is ignored. */
  readonly quiet: boolean;
}

interface State {
  readonly lines: readonly Text[];
  /** Index of the next line. */
  at: number;
  readonly diagnostics: Diagnostics;
  /** Open braces of a block that is skipped; -1: its opening brace has yet to come. */
  skipped: number;
  level: number;
  /** Whether a quote of the present line is not closed. */
  unclosed: boolean;
  /** Open braces, as messages about missing ones need them. */
  open: Word[];
}

/**
 * Reads a complete file.
 * @param quiet whether unknown keywords at the top level do not matter.
 */
export function readBlocks(
  lines: readonly Text[],
  keywords: Keywords,
  handlers: Handlers,
  diagnostics: Diagnostics,
  quiet = false,
): void {
  const state: State = { lines, at: 0, diagnostics, skipped: 0, level: 0, unclosed: false, open: [] };
  const root: Block = { keywords, known: mapOf(keywords), handlers, place: 'at the top level', quiet };
  readBlock(state, root, undefined);
  for (const brace of state.open) diagnostics.warn(brace, "unclosed '{'");
}

function nextWords(state: State): Words | undefined {
  for (let next = state.lines[state.at++]; next; next = state.lines[state.at++]) {
    const { text } = next;
    // In a block that is skipped only braces matter.
    if (state.skipped > 0 && !text.includes('{') && !text.includes('}')) continue;
    const words = wordsOf(next, state.diagnostics);
    if (!words) continue;
    countBraces(state, words, text);
    state.unclosed = text.includes('"') && text.split('"').length % 2 === 0;
    return words;
  }
  return undefined;
}

function countBraces({ open, diagnostics }: State, [word]: Words, text: string): void {
  if (text === '{') open.push(word);
  else if (text === '}' && !open.pop()) diagnostics.warn(word, "unmatched '}'");
}

/**
 * @param owner the keyword whose block begins, unless its brace was read.
 * @returns whether the block was skipped.
 */
function readBlock(state: State, block: Block, owner: Word | undefined): boolean {
  const { diagnostics } = state;
  let missing = owner;
  for (let words = nextWords(state); words; words = nextWords(state)) {
    const [first] = words;
    if (state.skipped === -1) {
      state.skipped = first.text === '{' ? 1 : 0;
      if (state.skipped === 1) {
        missing = undefined;
        continue;
      }
    }
    if (state.skipped > 0) {
      if (skipLine(state, words) && state.level > 0) return true;
      continue;
    }
    if (missing) {
      const keyword = missing;
      missing = undefined;
      if (first.text === '{' && state.level > 0) continue;
      diagnostics.warn(first, `missing '{' after '${keyword.text}': keepalived reads the block from here`);
    } else if (first.text === '{') {
      diagnostics.warn(
        first,
        "unexpected '{': keepalived ignores it, and the next '}' ends the block around it",
      );
      continue;
    }
    if (first.text === '}' && state.level > 0) return false;
    statement(state, words, block);
  }
  return false;
}

/** Counts the braces of a skipped line. @returns whether the block ends in it. */
function skipLine(state: State, words: Words): boolean {
  for (const { text } of words) {
    if (text === '{') state.skipped += 1;
    else if (text === '}' && --state.skipped === 0) return true;
  }
  return false;
}

function statement(state: State, words: Words, around: Block): void {
  const { known, handlers } = around;
  const [first] = words;
  const keyword = known.get(first.text);
  if (!keyword) {
    unknown(state, first, around);
    return;
  }
  if (keyword.ignored !== undefined)
    state.diagnostics.note(first, `'${first.text}' is ignored: ${keyword.ignored}`);
  if (keyword.skipped) {
    handlers.statements[first.text]?.(words, readerOf(state, first));
    state.skipped = words.at(-1)!.text === '{' ? 1 : -1;
    return;
  }
  const block = typeof keyword.block === 'object' ? keyword.block : undefined;
  const opened = block && words.length > 1 && words.at(-1)!.text === '{';
  const own = opened ? (words.slice(0, -1) as [Word, ...Word[]]) : words;
  if (!hasArguments(state, own, keyword)) return;
  if (keyword.block === 'values' && keyword.ignored !== undefined) valueBlock(state, first, () => {});
  handlers.statements[first.text]?.(own, readerOf(state, first));
  if (!block) return;
  const inner = handlers.blocks?.[first.text] ?? none;
  state.level += 1;
  const wasSkipped = readBlock(
    state,
    {
      keywords: block,
      known: mapOf(block),
      handlers: inner,
      place: keyword.place ?? `in a ${first.text} block`,
      // At the top level it says nothing about the blocks.
      quiet: keyword.ignored !== undefined || (around.quiet && state.level > 1),
    },
    opened ? undefined : first,
  );
  state.level -= 1;
  if (!wasSkipped) inner.end?.();
}

const none: Handlers = { statements: {} };

const maps = new WeakMap<Keywords, ReadonlyMap<string, Keyword>>();

function mapOf(keywords: Keywords): ReadonlyMap<string, Keyword> {
  const former = maps.get(keywords);
  if (former) return former;
  const map = new Map(Object.entries(keywords));
  maps.set(keywords, map);
  return map;
}

function unknown({ diagnostics }: State, word: Word, { keywords, place, quiet }: Block): void {
  if (quiet) return;
  if (word.text === '}') diagnostics.warn(word, "unmatched '}'");
  else if (word.text.startsWith('\ufeff')) {
    diagnostics.warn(
      word,
      'a byte order mark begins this word, so keepalived does not know it',
      'save the file without a byte order mark',
    );
  } else {
    diagnostics.warn(
      word,
      `unknown keyword '${word.text}' ${place}: keepalived ignores it`,
      nearest(word.text, Object.keys(keywords)),
    );
  }
}

/** keepalived ends when an argument is missing that it reads without a check. */
function hasArguments(
  { diagnostics, unclosed }: State,
  words: Words,
  { needs = 0, script }: Keyword,
): boolean {
  if (words.length > needs || (script && unclosed)) return true;
  diagnostics.error(words[0], `missing argument after '${words.at(-1)!.text}'`);
  return false;
}

function readerOf(state: State, keyword: Word): BlockReader {
  return {
    skipBlock: () => {
      state.skipped = -1;
    },
    valueBlock: (use) => valueBlock(state, keyword, use),
  };
}

/** parser.c, alloc_value_block. */
function valueBlock(state: State, keyword: Word, use: (words: Words) => void): void {
  let missing = true;
  for (let words = nextWords(state); words; words = nextWords(state)) {
    const [first] = words;
    if (missing) {
      missing = false;
      if (first.text === '{') continue;
      state.diagnostics.warn(
        first,
        `missing '{' after '${keyword.text}': keepalived reads the block from here`,
      );
    }
    const last = words.at(-1)!.text === '}';
    if (!last || words.length > 1) use(last ? (words.slice(0, -1) as [Word, ...Word[]]) : words);
    if (last) return;
  }
}
