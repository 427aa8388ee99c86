/** Going through the statements of a block by its grammar. */
import type { Diagnostics, Word } from '../source/collect';
import { suggestName } from '../source/suggest';
import type { Grammar } from './keywords';
import type { Statement } from './statements';

/**
 * Hands the statements that become fields to `convert`, and tells of the others.
 * @param where what messages call the block.
 */
export function eachStatement(
  statements: readonly Statement[],
  grammar: Grammar,
  where: string,
  told: Diagnostics,
  convert: (keyword: string, statement: Statement) => void,
): void {
  for (const statement of statements) {
    const [word] = statement.words;
    const keyword = Object.hasOwn(grammar, word.text) ? grammar[word.text] : undefined;
    if (!keyword) {
      told.error(word, `there is no '${word.text}' ${where}`, suggestName(word.text, Object.keys(grammar)));
      continue;
    }
    if (statement.block && !keyword.block) told.error(word, `no block belongs to ${word.text}`);
    if (keyword.outside !== undefined) told.note(word, `'${word.text}' is left out: ${keyword.outside}`);
    else convert(word.text, statement);
  }
}

/** The arguments of a statement, of which there are `least` to `most`; undefined and an error when there are not. */
export function argumentsOf(
  { words: [keyword, ...rest] }: Statement,
  least: number,
  most: number,
  told: Diagnostics,
): readonly Word[] | undefined {
  if (rest.length >= least && rest.length <= most) return rest;
  const extra = rest[most];
  if (extra) told.error(extra, `'${extra.text}' is too much behind ${keyword.text}`);
  else told.error(keyword, `something is missing behind ${keyword.text}`);
  return undefined;
}
