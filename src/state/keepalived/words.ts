/** The words of a line of keepalived.conf(5), separated by what isspace(3) takes for white space. */
import type { Diagnostics, Word } from '../source/collect';
import { spanOf, type Text } from './text';

/** At least one. */
export type Words = readonly [Word, ...Word[]];

/**
 * A text in double quotes is a word of its own, wherever it begins. Single quotes and backslashes
 * are characters like any other.
 */
export function wordsOf(line: Text, diagnostics: Diagnostics): Words | undefined {
  if (!line.pieces && !line.text.includes('"')) return plainWords(line);
  const pattern = /"[^"]*"?|[^ \t\n\v\f\r"]+/g;
  const words: Word[] = [];
  for (let match = pattern.exec(line.text); match; match = pattern.exec(line.text)) {
    const [raw] = match;
    const start = match.index;
    if (!raw.startsWith('"')) words.push(wordAt(line, start, start + raw.length, raw));
    else if (raw.length > 1 && raw.endsWith('"'))
      words.push(wordAt(line, start, start + raw.length, raw.slice(1, -1)));
    else {
      diagnostics.warn(
        spanOf(line, start, start + 1),
        'unclosed quote: keepalived ignores the rest of the line',
      );
      break;
    }
  }
  return words[0] && (words as [Word, ...Word[]]);
}

/** The words of a line without quotes that is in the source as it is. */
function plainWords({ text, offset }: Text): Words | undefined {
  const words: Word[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isSpace(text.charCodeAt(at))) {
      if (start < 0) start = at;
    } else if (start >= 0) {
      words.push({ offset: offset + start, length: at - start, text: text.slice(start, at) });
      start = -1;
    }
  }
  return words[0] && (words as [Word, ...Word[]]);
}

/** isspace(3) in the C locale. */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

function wordAt(line: Text, start: number, end: number, text: string): Word {
  if (!line.pieces) return { offset: line.offset + start, length: end - start, text };
  const { offset, length } = spanOf(line, start, end);
  return { offset, length, text };
}
