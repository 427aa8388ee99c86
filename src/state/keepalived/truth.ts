import type { Word } from '../source/collect';

/** The value of a word such as `on`; undefined for another one (parser.c, check_true_false). */
export function truth({ text }: Pick<Word, 'text'>): boolean | undefined {
  if (['true', 'on', 'yes'].includes(text)) return true;
  return ['false', 'off', 'no'].includes(text) ? false : undefined;
}
