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
  const sorted = inOrder(problems);
  const lines = linesOf(source.text);
  const shown = sorted.slice(0, MAX_SHOWN).map((problem) => formatProblem(source, lines, problem));
  const more = sorted.length - shown.length;
  return shown.join('') + (more > 0 ? `${visibleUnicodeWord(source.name)}: ${more} more\n` : '');
}

function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.span?.offset ?? 0) - (b.span?.offset ?? 0));
}

/** A place in a file: line and column, both from 1; the file itself has neither. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** A problem as data. */
export interface PlacedProblem extends Place, Pick<Problem, 'severity' | 'message' | 'hint'> {
  readonly also?: readonly Place[];
}

/** The problems as data, in the order of the source's lines. */
export function placedProblems(source: Source, problems: readonly Problem[]): PlacedProblem[] {
  const lines = linesOf(source.text);
  return inOrder(problems).map((problem) => placedProblem(source, lines, problem));
}

/** A problem as data. @param lines those of the source. */
export function placedProblem(
  source: Source,
  lines: Lines,
  { span, severity, message, hint, also = [] }: Problem,
): PlacedProblem {
  return {
    ...(span ? placeAt(source, lines, span.offset) : { file: source.name }),
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(also.length > 0 && { also: also.map(({ offset }) => placeAt(source, lines, offset)) }),
  };
}

function formatProblem(source: Source, lines: Lines, problem: Problem): string {
  const { span, message, hint, severity, also = [], alsoCount = also.length } = problem;
  const text = `${severity === 'error' ? '' : `${severity}: `}${visibleUnicode(message)}\n`;
  const first = span && placeAt(source, lines, span.offset);
  const places = also.slice(0, MAX_PLACES).map(({ offset }) => {
    const { file, line, column } = placeAt(source, lines, offset);
    return `${file === first?.file ? '' : `${visibleUnicodeWord(file)}:`}${line}:${column}`;
  });
  if (alsoCount > places.length) places.push(`${alsoCount - places.length} more places`);
  const advice = [hint, places.length > 0 ? `also at ${places.join(', ')}` : undefined]
    .map((line) => (line === undefined ? '' : `  ${visibleUnicode(line)}\n`))
    .join('');
  if (!span || !first) return `${visibleUnicodeWord(source.name)}: ${text}${advice}`;
  const { start, end } = lines.lineAt(span.offset);
  const place = `${visibleUnicodeWord(first.file)}:${first.line}:${first.column}`;
  return `${place}: ${text}${marked(source.text, start, end, span)}${advice}`;
}

/** Lines are counted from where the file begins that the place is in. */
function placeAt({ name, parts = [] }: Source, lines: Lines, offset: number): Required<Place> {
  const part = parts.findLast((one) => one.offset <= offset);
  const [line = 0, column = 0] = lines.placeOf(offset).split(':').map(Number);
  return { file: part?.name ?? name, line: line - (part ? lines.lineAt(part.offset).line - 1 : 0), column };
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
