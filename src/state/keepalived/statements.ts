/** The statements of a keepalived.conf: words on a line, and blocks in braces. */
import type { Diagnostics, Word } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { type Line, preprocess, spanOf } from './preprocess';

export interface Statement {
  /** At least one: the keyword and its arguments. */
  readonly words: readonly [Word, ...Word[]];
  /** What stands in braces behind it. */
  block?: Statement[] | undefined;
}

/** Blocks in each other are followed this deep; keepalived's own stand four deep. */
const MAX_DEPTH = 32;

/** The statements of a text. Braces that do not match are errors. */
export function statementsOf(text: string, told: Diagnostics, configId?: string | undefined): Statement[] {
  const root: Statement[] = [];
  const open: { readonly inner: Statement[]; readonly brace: Span }[] = [];
  let inner = root;
  for (const line of preprocess(text, told, configId)) {
    let words: Word[] = [];
    const end = () => {
      if (words[0]) inner.push({ words: [words[0], ...words.slice(1)] });
      words = [];
    };
    for (const word of wordsOf(line, told)) {
      if (word.brace === undefined) {
        words.push(word);
        continue;
      }
      end();
      if (word.brace === '}') {
        const closed = open.pop();
        if (!closed) told.error(word, 'this brace closes nothing');
        else inner = open.at(-1)?.inner ?? root;
        continue;
      }
      const statement = inner.at(-1);
      if (!statement || statement.block) told.error(word, 'no block begins here');
      if (open.length >= MAX_DEPTH) {
        told.error(word, 'too many blocks in each other');
        return root;
      }
      const block: Statement[] = [];
      if (statement && !statement.block) statement.block = block;
      open.push({ inner: block, brace: word });
      inner = block;
    }
    end();
  }
  for (const { brace } of open) told.error(brace, 'this brace is never closed');
  return root;
}

interface Token extends Word {
  readonly brace?: '{' | '}' | undefined;
}

/** The words of a line. Braces count alone, and at the end of a line. */
function* wordsOf(line: Line, told: Diagnostics): Generator<Token, void> {
  const pattern = /(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+|["']/g;
  const last = line.text.trimEnd().length;
  for (const match of line.text.matchAll(pattern)) {
    const [raw] = match;
    const start = match.index;
    const end = start + raw.length;
    if (/^["']$/.test(raw)) told.error(spanOf(line, start, end), 'this quote is never closed');
    const glued =
      end === last && raw.length > 1 && /[^{}$][{}]$|^[{}]{2}$/.test(raw) && !/\$\{\w*\}$/.test(raw);
    const stop = glued ? end - 1 : end;
    yield token(line, start, stop);
    if (glued) yield token(line, stop, end);
  }
}

function token(line: Line, start: number, end: number): Token {
  const raw = line.text.slice(start, end);
  const brace = raw === '{' || raw === '}' ? raw : undefined;
  return { ...spanOf(line, start, end), text: unquoted(raw), brace };
}

/** Quotes mark; a backslash takes the next character as it is. */
function unquoted(raw: string): string {
  return /["'\\]/.test(raw) ? raw.replace(/\\(.)|["']/g, '$1') : raw;
}
