import { MAX_DEPTH } from './tree';

const NEWLINE = 0x0a;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const BACKSLASH = 0x5c;

/**
 * Returns the offset of the bracket that exceeds `MAX_DEPTH`; brackets in quotes do not count. No
 * pattern does this: V8 needs stack for each character of a long text in quotes.
 */
export function tooDeep(text: string): number | undefined {
  let depth = 0;
  /** The end of a line in which a quote was not closed: no other quote before it is, either. */
  let unclosed = 0;
  let lineEnd = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE && at >= unclosed) {
      const end = closingQuote(text, at + 1);
      if (text.charCodeAt(end) === DOUBLE_QUOTE) at = end;
      else unclosed = end;
    } else if (code === SINGLE_QUOTE) {
      if (lineEnd < at) lineEnd = endOfLine(text, at);
      const close = text.indexOf("'", at + 1);
      if (close >= 0 && close < lineEnd) at = close;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > MAX_DEPTH) return at;
    } else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return undefined;
}

/** Returns the offset of the next double quote, or of the end of the line before it. */
function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE_QUOTE || code === NEWLINE) return at;
    if (code === BACKSLASH && text.charCodeAt(at + 1) !== NEWLINE) at += 1;
  }
  return text.length;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}
