/** Checks the statements of a block against the table of its keywords. */
import type { Diagnostics, Word } from '../source/collect';
import { suggestName } from '../source/suggest';
import type { Keywords } from './keywords';
import type { Statement } from './statements';

/**
 * Calls `convert` for each statement that becomes a field. Reports unknown keywords as errors and
 * ignored ones as notes.
 * @param where the place of the block, as messages name it.
 */
export function eachStatement(
  statements: readonly Statement[],
  keywords: Keywords,
  where: string,
  diagnostics: Diagnostics,
  convert: (keyword: string, statement: Statement) => void,
): void {
  for (const statement of statements) {
    const [word] = statement.words;
    const keyword = Object.hasOwn(keywords, word.text) ? keywords[word.text] : undefined;
    if (!keyword) {
      diagnostics.error(
        word,
        `unknown keyword '${word.text}' ${where}`,
        suggestName(word.text, Object.keys(keywords)),
      );
      continue;
    }
    if (statement.block && !keyword.block) diagnostics.error(word, `'${word.text}' takes no block`);
    if (keyword.ignored !== undefined)
      diagnostics.note(word, `'${word.text}' is ignored: ${keyword.ignored}`);
    else convert(word.text, statement);
  }
}

/**
 * Returns the arguments of a statement; reports an error and returns undefined unless there are
 * `least` to `most`.
 */
export function argumentsOf(
  { words: [keyword, ...rest] }: Statement,
  least: number,
  most: number,
  diagnostics: Diagnostics,
): readonly Word[] | undefined {
  if (rest.length >= least && rest.length <= most) return rest;
  const extra = rest[most];
  if (extra) diagnostics.error(extra, `unexpected argument '${extra.text}' after '${keyword.text}'`);
  else diagnostics.error(keyword, `missing argument after '${keyword.text}'`);
  return undefined;
}
