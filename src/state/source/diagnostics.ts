/**
 * Problems of a text: `file:line:column: message`, the line, and a mark below the words in
 * question.
 */

import { visibleUnicode, visibleUnicodeWord } from '../../bytes/visible';
import { type Lines, linesOf } from './lines';

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
  /** Further places of the same problem, `MAX_PLACES` at most. */
  readonly also?: readonly Span[] | undefined;
  /** How many further places there are; absent: as many as `also` has. */
  readonly alsoCount?: number | undefined;
}

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** Problems and places beyond these are counted, not printed. */
const MAX_SHOWN = 200;
export const MAX_PLACES = 100;

/** Longer source lines are cut around the mark. */
const LINE_WIDTH = 100;

/** Returns the text of the problems in the order of the source's lines, each ended by a newline. */
export function formatProblems(source: Source, problems: readonly Problem[]): string {
  const sorted = [...problems].sort((a, b) => (a.span?.offset ?? 0) - (b.span?.offset ?? 0));
  const lines = linesOf(source.text);
  const named = { ...source, name: visibleUnicodeWord(source.name) };
  const shown = sorted.slice(0, MAX_SHOWN).map((problem) => formatProblem(named, lines, problem));
  const more = sorted.length - shown.length;
  return shown.join('') + (more > 0 ? `${named.name}: ${more} more\n` : '');
}

function formatProblem(source: Source, lines: Lines, problem: Problem): string {
  const { span, message, hint, severity, also = [], alsoCount = also.length } = problem;
  const text = `${severity === 'error' ? '' : `${severity}: `}${visibleUnicode(message)}\n`;
  const file = span && fileAt(source, span.offset);
  const places = also.slice(0, MAX_PLACES).map(({ offset }) => {
    const other = fileAt(source, offset);
    const place = placeOf(lines, offset, other.offset);
    return other.name === file?.name ? place : `${other.name}:${place}`;
  });
  if (alsoCount > places.length) places.push(`${alsoCount - places.length} more places`);
  const advice = [hint, places.length > 0 ? `also at ${places.join(', ')}` : undefined]
    .map((line) => (line === undefined ? '' : `  ${visibleUnicode(line)}\n`))
    .join('');
  if (!span || !file) return `${source.name}: ${text}${advice}`;
  const { start, end } = lines.lineAt(span.offset);
  const place = `${file.name}:${placeOf(lines, span.offset, file.offset)}`;
  return `${place}: ${text}${marked(source.text, start, end, span)}${advice}`;
}

/** The file that a place is in, and where it begins. */
function fileAt({ name, parts = [] }: Source, offset: number): { name: string; offset: number } {
  const part = parts.findLast((one) => one.offset <= offset);
  return part ? { name: visibleUnicodeWord(part.name), offset: part.offset } : { name, offset: 0 };
}

/** LINE:COLUMN, both from 1; lines are counted from `from`, where the file begins. */
function placeOf(lines: Lines, offset: number, from: number): string {
  const place = lines.placeOf(offset);
  if (from === 0) return place;
  const [line, column] = place.split(':');
  return `${Number(line) - lines.lineAt(from).line + 1}:${column}`;
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
