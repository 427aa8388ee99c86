/** Regular expressions of Perl and PCRE2 as patterns of a state document, which are JavaScript's. */
import { type MaybeNode, scalarNode } from '../source/build-tree';
import type { Diagnostics, Word } from '../source/collect';

/** Options that change nothing here. */
const harmless = [
  'dotall',
  'caseless',
  'no_auto_possess',
  'no_dotstar_anchor',
  'no_start_optimize',
  'never_ucp',
  'never_utf',
  'never_backslash_c',
];

/** Returns the pattern, at the place of the expression. Warns of one that JavaScript does not have. */
export function patternNode(
  regex: { readonly value: string; readonly word: Word },
  options: readonly Word[],
  diagnostics: Diagnostics,
): MaybeNode {
  const names = options.map(({ text }) => text);
  const other = options.find(({ text }) => !harmless.includes(text));
  const source = names.includes('dotall') ? regex.value : withoutNewlines(regex.value);
  if (other || !compiles(source)) {
    const what = other ? `the option '${other.text}'` : 'this expression';
    diagnostics.warn(other ?? regex.word, `the body is not searched: JavaScript does not have ${what}`);
    return undefined;
  }
  if (isLiteral(regex.value) && !names.includes('caseless')) return scalarNode(regex.value, regex.word);
  return scalarNode(`/${source}/${names.includes('caseless') ? 'i' : ''}`, regex.word);
}

/** A text that is the same as an expression. */
function isLiteral(source: string): boolean {
  return /^[\w ,:;=@%&<>"'!#~-]+$/.test(source);
}

/** Outside of classes a dot is any character but a newline, as without dotall. */
function withoutNewlines(source: string): string {
  return source.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\./gs, (part) => (part === '.' ? '[^\\n]' : part));
}

function compiles(source: string): boolean {
  try {
    new RegExp(source, 's');
    return source !== '';
  } catch {
    return false;
  }
}
