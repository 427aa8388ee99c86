/**
 * The lines of a keepalived.conf after comments, definitions ($NAME=value), conditions (@machine) and repeated lines
 * (~SEQ, ~LST) have done their work. keepalived.conf(5), "Advanced configuration".
 */
import type { Diagnostics } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { repetitions } from './sequences';

/** A line, and where each of its characters comes from. */
export interface Line {
  readonly text: string;
  /** Where it begins in the source; what a definition made stands where it was used. */
  readonly offset: number;
  /** Absent: the line stands in the source as it is. */
  readonly origins?: readonly Span[] | undefined;
}

/** Names are put in this often, one after the other, before a line is given up. */
const MAX_DEPTH = 200;
/** No line is longer. */
const MAX_LINE_LENGTH = 64 * 1024;
/** Characters that definitions and repetitions may make of a file. */
const MAX_CHARACTERS = 32e6;

interface Expansion {
  readonly told: Diagnostics;
  /** The machine whose lines count; undefined: not known. */
  readonly configId: string | undefined;
  readonly definitions: Map<string, string>;
  made: number;
  /** Whether more was made than is read. */
  full: boolean;
}

export function* preprocess(
  text: string,
  told: Diagnostics,
  configId: string | undefined,
): Generator<Line, void> {
  const expansion: Expansion = { told, configId, definitions: new Map(), made: 0, full: false };
  if (configId !== undefined) expansion.definitions.set('_INSTANCE', configId);
  for (let at = 0; at < text.length && !expansion.full; ) {
    const end = endOfLine(text, at);
    if (end - at > MAX_LINE_LENGTH) {
      told.error({ offset: at, length: 1 }, `the line is longer than ${MAX_LINE_LENGTH} characters`);
      return;
    }
    yield* expanded({ text: uncommented(text.slice(at, end)), offset: at }, expansion, 0);
    at = end + 1;
  }
}

/** The end of a line; of a definition of several lines the end of the last. */
function endOfLine(text: string, from: number): number {
  const definition = /[ \t]*(?:@\S+[ \t]+)?\$\w+=/y;
  definition.lastIndex = from;
  const continues = definition.test(text);
  for (let at = from; ; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (newline < 0 || !continues || !/\\[ \t\r]*$/.test(uncommented(text.slice(at, end)))) return end;
    at = end + 1;
  }
}

/** Without a comment: from ! or # outside quotes to the end of the line. */
function uncommented(text: string): string {
  if (!/[!#]/.test(text)) return text;
  return text
    .split('\n')
    .map((line) => /^(?:[^!#"'\\]|\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|["'\\](?=[^!#]*$))*/.exec(line)![0])
    .join('\n');
}

function* expanded(line: Line, expansion: Expansion, depth: number): Generator<Line, void> {
  const { told, definitions } = expansion;
  if (!/[$@~]/.test(line.text)) {
    if (line.text.trim() !== '') yield line;
    return;
  }
  if (depth > MAX_DEPTH) {
    told.error(spanOf(line, 0, line.text.length), 'these definitions lead to each other without an end');
    expansion.full = true;
    return;
  }
  expansion.made += line.text.length;
  if (expansion.full || expansion.made > MAX_CHARACTERS) {
    if (!expansion.full)
      told.error(spanOf(line, 0, line.text.length), 'definitions make too much of this file');
    expansion.full = true;
    return;
  }
  const start = line.text.search(/\S/);
  if (line.text[start] === '@') {
    const rest = conditional(line, start, expansion);
    if (rest) yield* expanded(rest, expansion, depth + 1);
    return;
  }
  const definition = /^\s*\$([A-Za-z_]\w*)=(.*)$/s.exec(line.text);
  if (definition) {
    definitions.set(definition[1]!, definition[2]!.replace(/\\[ \t\r]*(?:\n|$)/g, '\n').trim());
    return;
  }
  if (/^\s*~(SEQx?|LST)\b/.test(line.text)) {
    const repeated = repetitions(line.text);
    if (!repeated)
      told.error(
        spanOf(line, start, line.text.length),
        'this is not ~SEQ(NAME, FIRST, STEP, LAST) nor ~LST(NAME, VALUE, ...)',
      );
    for (const values of repeated?.values ?? []) {
      for (const [name, value] of values) definitions.set(name, value);
      yield* expanded(part(line, repeated!.end, line.text.length), expansion, depth + 1);
    }
    return;
  }
  const used = firstUse(line.text, definitions);
  if (!used) {
    if (line.text.trim() !== '') yield line;
    return;
  }
  for (const piece of substituted(line, used)) yield* expanded(piece, expansion, depth + 1);
}

/** The rest of a line that counts on this machine. */
function conditional(line: Line, start: number, { told, configId }: Expansion): Line | undefined {
  const [mark, not, id] = /@(\^?)(\S*)/.exec(line.text)!;
  const end = start + mark.length;
  if (configId === undefined) {
    told.error(
      spanOf(line, start, end),
      `this line counts ${not ? 'everywhere but' : 'only'} on the machine '${id}'`,
      "'ipvsadm convert --config-id NAME' makes the file of one machine",
    );
    return undefined;
  }
  return (id === configId) === (not === '') ? part(line, end, line.text.length) : undefined;
}

interface Use {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** ${NAME}, or $NAME with white space behind it, of a name that is defined. */
function firstUse(text: string, definitions: ReadonlyMap<string, string>): Use | undefined {
  for (const match of text.matchAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)(?=\s|$)/g)) {
    const value = definitions.get((match[1] ?? match[2])!);
    if (value !== undefined) return { start: match.index, end: match.index + match[0].length, value };
  }
  return undefined;
}

/** The lines that a line becomes when a definition is put in; what it put in stands where its name did. */
function substituted(line: Line, { start, end, value }: Use): Line[] {
  const name = spanOf(line, start, end);
  const text = line.text.slice(0, start) + value + line.text.slice(end);
  const origins = [
    ...originsOf(line, 0, start),
    ...Array.from({ length: value.length }, () => name),
    ...originsOf(line, end, line.text.length),
  ];
  const whole: Line = { text, offset: line.offset, origins };
  const lines: Line[] = [];
  for (let at = 0; at <= text.length; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 ? text.length : newline;
    lines.push(part(whole, at, stop));
    at = stop + 1;
  }
  return lines;
}

function part(line: Line, start: number, end: number): Line {
  const text = line.text.slice(start, end);
  if (!line.origins) return { text, offset: line.offset + start };
  return { text, offset: line.offset, origins: line.origins.slice(start, end) };
}

function originsOf(line: Line, start: number, end: number): Span[] {
  if (line.origins) return line.origins.slice(start, end);
  return Array.from({ length: end - start }, (_, index) => ({
    offset: line.offset + start + index,
    length: 1,
  }));
}

/** Where a part of a line stands in the source. */
export function spanOf(line: Line, start: number, end: number): Span {
  const { origins } = line;
  if (!origins) return { offset: line.offset + start, length: end - start };
  const first = origins[start] ?? { offset: line.offset, length: 1 };
  const last = origins[Math.max(start, end - 1)] ?? first;
  return { offset: first.offset, length: Math.max(last.offset + last.length - first.offset, first.length) };
}
