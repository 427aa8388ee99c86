/**
 * Problems of a text: `file:line:column: message`, the line, and a mark below the words in
 * question.
 */

import { visibleUnicode, visibleUnicodeWord } from '../../bytes/visible';

export interface Source {
  /** The file's name as it was given. */
  readonly name: string;
  /** Unicode. */
  readonly text: string;
  /** Included files, which follow the text of the file itself, and where each begins. */
  readonly parts?: readonly { readonly offset: number; readonly name: string }[] | undefined;
}

/** A part of a source's text, in UTF-16 units. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/**
 * A warning is about something that will not be as the file says. A note is about something that
 * the kernel accepts but is hardly intended, or about a part of an imported file that IPVS does not
 * have.
 */
export type Severity = 'error' | 'warning' | 'note';

export interface Problem {
  /** Absent: the problem is the file itself. */
  readonly span?: Span | undefined;
  readonly message: string;
  /** What would be right. */
  readonly hint?: string | undefined;
  readonly severity: Severity;
  /** Further places of the same problem. */
  readonly also?: readonly Span[] | undefined;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Problems and places beyond these are counted, not printed. */
const MAX_PROBLEMS = 200;
const MAX_PLACES = 100;

/** Longer source lines are cut around the mark. */
const LINE_WIDTH = 100;

/** Returns the text of the problems in the order of the source's lines, each ended by a newline. */
export function formatProblems(source: Source, problems: readonly Problem[]): string {
  const sorted = [...problems].sort((a, b) => (a.span?.offset ?? 0) - (b.span?.offset ?? 0));
  const starts = lineStarts(source.text);
  const named = { ...source, name: visibleUnicodeWord(source.name) };
  const shown = sorted.slice(0, MAX_PROBLEMS).map((problem) => formatProblem(named, starts, problem));
  const more = sorted.length - shown.length;
  return shown.join('') + (more > 0 ? `${named.name}: ${more} more\n` : '');
}

function formatProblem(source: Source, starts: Uint32Array, problem: Problem): string {
  const { span, message, hint, severity, also = [] } = problem;
  const text = `${severity === 'error' ? '' : `${severity}: `}${visibleUnicode(message)}\n`;
  const file = span && fileAt(source, span.offset);
  const places = also.slice(0, MAX_PLACES).map(({ offset }) => {
    const other = fileAt(source, offset);
    const place = placeOf(source.text, starts, offset, other.offset);
    return other.name === file?.name ? place : `${other.name}:${place}`;
  });
  if (also.length > places.length) places.push(`${also.length - places.length} more places`);
  const advice = [hint, places.length > 0 ? `also at ${places.join(', ')}` : undefined]
    .map((line) => (line === undefined ? '' : `  ${visibleUnicode(line)}\n`))
    .join('');
  if (!span || !file) return `${source.name}: ${text}${advice}`;
  const { start, end } = lineAt(source.text, starts, span.offset);
  const place = `${file.name}:${placeOf(source.text, starts, span.offset, file.offset)}`;
  return `${place}: ${text}${marked(source.text, start, end, span)}${advice}`;
}

/** The file that a place is in, and where it begins. */
function fileAt({ name, parts = [] }: Source, offset: number): { name: string; offset: number } {
  const part = parts.findLast((one) => one.offset <= offset);
  return part ? { name: visibleUnicodeWord(part.name), offset: part.offset } : { name, offset: 0 };
}

/** LINE:COLUMN, both from 1; lines are counted from `from`, where the file begins. */
function placeOf(text: string, starts: Uint32Array, offset: number, from: number): string {
  const { line, start } = lineAt(text, starts, offset);
  const before = from === 0 ? 0 : lineAt(text, starts, from).line - 1;
  return `${line - before}:${[...text.slice(start, offset)].length + 1}`;
}

/** The line with a mark below the part of the span that is on it; a long line is cut. */
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

/** The number (from 1), start and end of the line that `offset` is on. */
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
