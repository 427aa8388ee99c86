/** Comments of keepalived.conf(5): from ! or # outside double quotes to the end of the line. */
import type { Diagnostics } from '../source/collect';
import { concat, slice, spanOf, type Text } from './text';

const special = /[!#"\\]/;

/**
 * Returns a line without its comment, the blanks around it, and the backslashes before ! and #
 * outside quotes. A backslash at the end of the line stays, even behind a comment.
 */
export function uncommented(line: Text, diagnostics: Diagnostics): Text {
  const { text } = line;
  const from = afterBlanks(text);
  if (!special.test(text)) return slice(line, from, beforeBlanks(text, from, text.length));
  const { escapes, end, continues, unclosed } = scan(text, from);
  if (unclosed !== undefined) {
    diagnostics.warn(
      spanOf(line, unclosed, unclosed + 1),
      'unclosed quote: keepalived ignores the rest of the line',
    );
  }
  const stop = beforeBlanks(text, from, end);
  const cuts = escapes.filter((at) => at < stop);
  const tail = continues ? [slice(line, text.length - 1)] : [];
  if (cuts.length === 0 && tail.length === 0) return slice(line, from, stop);
  const parts = [...cuts, stop].map((at, index) =>
    slice(line, index === 0 ? from : cuts[index - 1]! + 1, at),
  );
  return concat(...parts, ...tail);
}

interface Scan {
  /** Where backslashes are that are removed. */
  readonly escapes: readonly number[];
  /** The end of the text before a comment and before a backslash at the end of the line. */
  readonly end: number;
  readonly continues: boolean;
  readonly unclosed: number | undefined;
}

function scan(text: string, from: number): Scan {
  const escapes: number[] = [];
  let comment: number | undefined;
  let quote: number | undefined;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      if (comment === undefined) quote = quote === undefined ? at : undefined;
    } else if (character === '\\') {
      if (at === text.length - 1) return { escapes, end: comment ?? at, continues: true, unclosed: quote };
      if (quote === undefined && comment === undefined && /[!#]/.test(text[at + 1]!)) escapes.push(at);
      at += 1;
    } else if ((character === '!' || character === '#') && quote === undefined) comment ??= at;
  }
  return { escapes, end: comment ?? text.length, continues: false, unclosed: quote };
}

/** isblank(3): only spaces and tabs. */
export function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

export function afterBlanks(text: string, from = 0): number {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
}

export function beforeBlanks(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isBlank(text[at - 1])) at -= 1;
  return at;
}
