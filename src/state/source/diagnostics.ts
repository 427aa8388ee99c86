/** A text that is read, and what is wrong with it: `file:line:column: message`, the line, a mark under the words. */

import { visibleUnicode, visibleUnicodeWord } from '../../bytes/visible';

export interface Source {
  /** What messages call it: the file's name as it was given. */
  readonly name: string;
  /** Unicode. */
  readonly text: string;
}

/** A part of a source's text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * A warning is about what will not be as the file says; a note about what the kernel takes, but nobody wants, and
 * about what of another program's file has no place in a state.
 */
export type Severity = 'error' | 'warning' | 'note';

export interface Problem {
  /** Absent: the file as a whole. */
  readonly span?: Span | undefined;
  readonly message: string;
  /** What would be right. */
  readonly hint?: string | undefined;
  readonly severity: Severity;
  /** Further places of the same. */
  readonly also?: readonly Span[] | undefined;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** More are counted, not printed. */
const MAX_PROBLEMS = 200;
const MAX_PLACES = 100;

/** Longer source lines are cut around the mark. */
const LINE_WIDTH = 100;

/** The problems of a source in the order of its lines, each ended by a newline. */
export function formatProblems(source: Source, problems: readonly Problem[]): string {
  const sorted = [...problems].sort((a, b) => (a.span?.offset ?? 0) - (b.span?.offset ?? 0));
  const starts = lineStarts(source.text);
  const named = { name: visibleUnicodeWord(source.name), text: source.text };
  const shown = sorted.slice(0, MAX_PROBLEMS).map((problem) => formatProblem(named, starts, problem));
  const more = sorted.length - shown.length;
  return shown.join('') + (more > 0 ? `${named.name}: ${more} more\n` : '');
}

function formatProblem(source: Source, starts: Uint32Array, problem: Problem): string {
  const { span, message, hint, severity, also = [] } = problem;
  const text = `${severity === 'error' ? '' : `${severity}: `}${visibleUnicode(message)}\n`;
  const places = also.slice(0, MAX_PLACES).map(({ offset }) => placeOf(source.text, starts, offset));
  if (also.length > places.length) places.push(`${also.length - places.length} more places`);
  const advice = [hint, places.length > 0 ? `also at ${places.join(', ')}` : undefined]
    .map((line) => (line === undefined ? '' : `  ${visibleUnicode(line)}\n`))
    .join('');
  if (!span) return `${source.name}: ${text}${advice}`;
  const { start, end } = lineAt(source.text, starts, span.offset);
  const place = `${source.name}:${placeOf(source.text, starts, span.offset)}`;
  return `${place}: ${text}${marked(source.text, start, end, span)}${advice}`;
}

/** LINE:COLUMN, both counted from 1. */
function placeOf(text: string, starts: Uint32Array, offset: number): string {
  const { line, start } = lineAt(text, starts, offset);
  return `${line}:${[...text.slice(start, offset)].length + 1}`;
}

/** The line with a mark under the span, as far as it stands on that line; cut when it is long. */
function marked(text: string, start: number, end: number, { offset, length }: Span): string {
  const cut = end - start > LINE_WIDTH && offset - start > LINE_WIDTH / 2;
  const from = cut ? offset - LINE_WIDTH / 2 : start;
  const to = Math.min(end, from + LINE_WIDTH);
  const lead = from > start ? '...' : '';
  const tail = to < end ? '...' : '';
  const before = visibleUnicode(lead + text.slice(from, offset));
  const width = Math.max(1, [...visibleUnicode(text.slice(offset, Math.min(offset + length, to)))].length);
  const indent = before.replace(/[^\t]/gu, ' ');
  return `    ${before}${visibleUnicode(text.slice(offset, to))}${tail}\n    ${indent}${'^'.repeat(width)}\n`;
}

function lineStarts(text: string): Uint32Array {
  const starts: number[] = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}

/** The number of the line of `offset`, counted from 1, and where it begins and ends. */
function lineAt(text: string, starts: Uint32Array, offset: number) {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  const start = starts[low]!;
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return { line: low + 1, start, end: text[end - 1] === '\r' ? end - 1 : end };
}
