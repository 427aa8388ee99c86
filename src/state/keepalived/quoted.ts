/** Words as keepalived reads them of scripts and regular expressions (alloc_strvec_quoted_escaped). */
import type { Word } from '../source/collect';

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** An escape sequence behind its backslash: hexadecimal, control, octal, or a character. */
const escapeSequence = /x([0-9A-Fa-f]+)|c(.)|([0-7]{1,3})|(.)/sy;

/**
 * Returns the words of a text, in which quotes and backslashes keep characters together; undefined
 * if a quote is not closed.
 */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\\') {
      escapeSequence.lastIndex = at + 1;
      const found = escapeSequence.exec(text);
      if (!found) return undefined;
      word = (word ?? '') + unescaped(found);
      at = escapeSequence.lastIndex - 1;
    } else if (quote === '' ? character === '"' || character === "'" : character === quote) {
      quote = quote === '' ? character : '';
      word ??= '';
    } else if (quote === '' && /[ \t\n\v\f\r]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

function unescaped([, hex, control, octal, other]: RegExpExecArray): string {
  if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex.slice(-2), 16));
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f);
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
  return escapes[other!] ?? other!;
}

/** Returns the text of words as it stood in the line, whose double quotes words do not have. */
export function rawText(words: readonly Word[]): string {
  return words.map(({ text, length }) => (length === text.length + 2 ? `"${text}"` : text)).join(' ');
}
