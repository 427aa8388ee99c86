/** Lines and columns of a text. */
export interface Lines {
  /** The number (from 1), start and end of the line that `offset` is on. */
  lineAt(offset: number): { line: number; start: number; end: number };
  /** LINE:COLUMN, both from 1. */
  placeOf(offset: number): string;
}

export function linesOf(text: string): Lines {
  const starts = lineStarts(text);
  /** The place found last: the next one may be on the same, very long line. */
  let known = { offset: 0, column: 0 };
  const lineAt = (offset: number) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    const start = starts[low]!;
    const end = (starts[low + 1] ?? text.length + 1) - 1;
    return { line: low + 1, start, end: text[end - 1] === '\r' ? end - 1 : end };
  };
  return {
    lineAt,
    placeOf(offset) {
      const { line, start } = lineAt(offset);
      if (known.offset < start || known.offset > offset) known = { offset: start, column: 0 };
      known = { offset, column: known.column + charactersIn(text, known.offset, offset) };
      return `${line}:${known.column + 1}`;
    },
  };
}

function lineStarts(text: string): Uint32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts[line++] = at + 1;
  return starts;
}

/** The number of characters; a pair of surrogates is one. */
function charactersIn(text: string, from: number, to: number): number {
  let count = to - from;
  for (let at = from; at < to - 1; at++) {
    const isPair = (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    if (!isPair) continue;
    count -= 1;
    at += 1;
  }
  return count;
}
