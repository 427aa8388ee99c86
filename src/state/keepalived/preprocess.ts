/**
 * Removes comments from a keepalived.conf and expands definitions ($NAME=VALUE), conditions
 * (@CONFIG_ID) and repeated lines (~SEQ, ~LST). keepalived.conf(5), "Advanced configuration".
 */
import type { Diagnostics } from '../source/collect';
import type { Span } from '../source/diagnostics';
import { parseSequence } from './sequences';

/** A line, with the source position of each of its characters. */
export interface Line {
  readonly text: string;
  /**
   * The start of the line in the source. Expanded text has the position of the name it replaces.
   */
  readonly offset: number;
  /** Absent: the line is in the source as it is. */
  readonly origins?: readonly Span[] | undefined;
}

/** How deep expansions may nest; definitions that refer to each other would never end. */
const MAX_DEPTH = 200;
const MAX_LINE_LENGTH = 64 * 1024;
/** How many characters all expansions together may produce. */
const MAX_CHARACTERS = 32e6;

interface Expansion {
  readonly diagnostics: Diagnostics;
  /** The --config-id whose conditional lines apply; undefined: not given. */
  readonly configId: string | undefined;
  readonly definitions: Map<string, string>;
  /** Characters expanded so far. */
  expanded: number;
  /** Whether a limit was exceeded: nothing more is read then. */
  full: boolean;
}

export function* preprocess(
  text: string,
  diagnostics: Diagnostics,
  configId: string | undefined,
): Generator<Line, void> {
  const expansion: Expansion = { diagnostics, configId, definitions: new Map(), expanded: 0, full: false };
  if (configId !== undefined) expansion.definitions.set('_INSTANCE', configId);
  for (let at = 0; at < text.length && !expansion.full; ) {
    const end = endOfLine(text, at);
    if (end - at > MAX_LINE_LENGTH) {
      diagnostics.error({ offset: at, length: 1 }, `this line is longer than ${MAX_LINE_LENGTH} characters`);
      return;
    }
    yield* expanded({ text: uncommented(text.slice(at, end)), offset: at }, expansion, 0);
    at = end + 1;
  }
}

/**
 * Returns the end of a line; for a definition that continues on further lines, the end of the last
 * one.
 */
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

/** Removes comments, which go from ! or # outside quotes to the end of the line. */
function uncommented(text: string): string {
  if (!/[!#]/.test(text)) return text;
  return text
    .split('\n')
    .map((line) => /^(?:[^!#"'\\]|\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|["'\\](?=[^!#]*$))*/.exec(line)![0])
    .join('\n');
}

function* expanded(line: Line, expansion: Expansion, depth: number): Generator<Line, void> {
  const { diagnostics, definitions } = expansion;
  if (!/[$@~]/.test(line.text)) {
    if (line.text.trim() !== '') yield line;
    return;
  }
  if (depth > MAX_DEPTH) {
    diagnostics.error(
      spanOf(line, 0, line.text.length),
      `definitions are nested more than ${MAX_DEPTH} deep`,
      'do they refer to each other?',
    );
    expansion.full = true;
    return;
  }
  expansion.expanded += line.text.length;
  if (expansion.full || expansion.expanded > MAX_CHARACTERS) {
    if (!expansion.full)
      diagnostics.error(
        spanOf(line, 0, line.text.length),
        `definitions expand to more than ${MAX_CHARACTERS} characters`,
      );
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
    const repeated = parseSequence(line.text);
    if (!repeated)
      diagnostics.error(
        spanOf(line, start, line.text.length),
        'invalid sequence: expected ~SEQ(NAME, FIRST, STEP, LAST) or ~LST(NAME, VALUE, ...)',
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

/** Returns the rest of a conditional line; undefined when it does not apply to this config ID. */
function conditional(line: Line, start: number, { diagnostics, configId }: Expansion): Line | undefined {
  const [mark, not, id] = /@(\^?)(\S*)/.exec(line.text)!;
  const end = start + mark.length;
  if (configId === undefined) {
    diagnostics.error(
      spanOf(line, start, end),
      `this line applies ${not ? 'unless' : 'only if'} the config ID is '${id}'`,
      "'ipvsadm convert --config-id NAME' converts the file for one config ID",
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

/** Finds the first ${NAME}, or $NAME before white space, whose name is defined. */
function firstUse(text: string, definitions: ReadonlyMap<string, string>): Use | undefined {
  for (const match of text.matchAll(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)(?=\s|$)/g)) {
    const value = definitions.get((match[1] ?? match[2])!);
    if (value !== undefined) return { start: match.index, end: match.index + match[0].length, value };
  }
  return undefined;
}

/** Replaces one use of a definition. A value of several lines gives several lines. */
function substituted(line: Line, { start, end, value }: Use): Line[] {
  const name = spanOf(line, start, end);
  const text = line.text.slice(0, start) + value + line.text.slice(end);
  const origins = [
    ...originsOf(line, 0, start),
    ...Array.from({ length: value.length }, () => name),
    ...originsOf(line, end, line.text.length),
  ];
  const joined: Line = { text, offset: line.offset, origins };
  const lines: Line[] = [];
  for (let at = 0; at <= text.length; ) {
    const newline = text.indexOf('\n', at);
    const stop = newline < 0 ? text.length : newline;
    lines.push(part(joined, at, stop));
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

/** Returns the source position of a part of a line. */
export function spanOf(line: Line, start: number, end: number): Span {
  const { origins } = line;
  if (!origins) return { offset: line.offset + start, length: end - start };
  const first = origins[start] ?? { offset: line.offset, length: 1 };
  const last = origins[Math.max(start, end - 1)] ?? first;
  return { offset: first.offset, length: Math.max(last.offset + last.length - first.offset, first.length) };
}
