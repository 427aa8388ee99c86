/** Parses a keepalived.conf into statements: the words of a line, and a block in braces. */
import type { Diagnostics, Word } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { type Line, preprocess, spanOf } from './preprocess';

export interface Statement {
  /** At least one: the keyword and its arguments. */
  readonly words: readonly [Word, ...Word[]];
  /** The statements in the braces that follow. */
  block?: Statement[] | undefined;
}

/** How deep blocks may nest; keepalived's own are at most four deep. */
const MAX_DEPTH = 32;

/** Returns the statements of a file. Reports unmatched braces and quotes. */
export function statementsOf(
  text: string,
  diagnostics: Diagnostics,
  configId?: string | undefined,
): Statement[] {
  const root: Statement[] = [];
  const open: { readonly inner: Statement[]; readonly brace: Span }[] = [];
  let inner = root;
  for (const line of preprocess(text, diagnostics, configId)) {
    let words: Word[] = [];
    const end = () => {
      if (words[0]) inner.push({ words: [words[0], ...words.slice(1)] });
      words = [];
    };
    for (const word of wordsOf(line, diagnostics)) {
      if (word.brace === undefined) {
        words.push(word);
        continue;
      }
      end();
      if (word.brace === '}') {
        const closed = open.pop();
        if (!closed) diagnostics.error(word, "unmatched '}'");
        else inner = open.at(-1)?.inner ?? root;
        continue;
      }
      const statement = inner.at(-1);
      if (!statement || statement.block) diagnostics.error(word, "unexpected '{'");
      if (open.length >= MAX_DEPTH) {
        diagnostics.error(word, `blocks are nested more than ${MAX_DEPTH} deep`);
        return root;
      }
      const block: Statement[] = [];
      if (statement && !statement.block) statement.block = block;
      open.push({ inner: block, brace: word });
      inner = block;
    }
    end();
  }
  for (const { brace } of open) diagnostics.error(brace, "unclosed '{'");
  return root;
}

interface Token extends Word {
  readonly brace?: '{' | '}' | undefined;
}

/** The words of a line. A brace is a token when it is a word, or at the end of the line. */
function* wordsOf(line: Line, diagnostics: Diagnostics): Generator<Token, void> {
  const pattern = /(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+|["']/g;
  const last = line.text.trimEnd().length;
  for (const match of line.text.matchAll(pattern)) {
    const [raw] = match;
    const start = match.index;
    const end = start + raw.length;
    if (/^["']$/.test(raw)) diagnostics.error(spanOf(line, start, end), 'unclosed quote');
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

/** Removes quotes, and backslashes, which make the next character literal. */
function unquoted(raw: string): string {
  return /["'\\]/.test(raw) ? raw.replace(/\\(.)|["']/g, '$1') : raw;
}
