/** ~SEQ and ~LST of keepalived.conf(5), which repeat a line once for each of a list of values. */
import { afterBlanks } from './comments';

export type Assignment = readonly [name: string, value: string];

export interface Sequence {
  /** Where the repeated text begins. */
  readonly end: number;
  /** The definitions of each repetition. */
  readonly values: Iterator<readonly Assignment[], void>;
}

/**
 * Parses the ~SEQ, ~SEQx or ~LST that a line begins with.
 * @param replace replaces the uses of definitions in the numbers of ~SEQ.
 * @returns undefined if it is invalid.
 */
export function parseSequence(line: string, replace: (text: string) => string): Sequence | undefined {
  return line.startsWith('~LST') ? parseList(line) : parseNumbers(line, replace);
}

function parseNumbers(line: string, replace: (text: string) => string): Sequence | undefined {
  const [head, hexadecimal, name] = /^~SEQ(x?)[ \t]*\([ \t]*([^ \t,)]+)[ \t]*,[ \t]*/.exec(line) ?? [];
  const close = head === undefined ? -1 : line.indexOf(')', head.length);
  if (name === undefined || close < 0) return undefined;
  const numbers = longs(replace(line.slice(head!.length, close + 1)));
  const range = numbers && rangeOf(numbers);
  if (!range || (hexadecimal && (range.first < 0n || range.last < 0n))) return undefined;
  return {
    end: afterBlanks(line, close + 1),
    values: count(name, range, hexadecimal ? 16 : 10),
  };
}

/** One to three numbers as strtol(3) reads them, with any base, separated by commas. */
function longs(text: string): bigint[] | undefined {
  const numbers: bigint[] = [];
  const pattern = /[ \t\n\v\f\r]*(?:([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+))?[ \t]*([,)])/y;
  for (;;) {
    const [, sign, digits = '0', stop] = pattern.exec(text) ?? [];
    if (stop === undefined || numbers.length === 3) return undefined;
    const octal = /^0[0-7]+$/.test(digits);
    if (/^0[0-9]+$/.test(digits) && !octal) return undefined;
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    numbers.push(sign === '-' ? -value : value);
    if (stop === ')') return numbers;
  }
}

interface Range {
  readonly first: bigint;
  readonly step: bigint;
  readonly last: bigint;
}

function rangeOf([one, two, three]: readonly bigint[]): Range | undefined {
  if (two === undefined) {
    const last = one!;
    return { first: last < 0n ? -1n : 1n, step: last < 1n ? -1n : 1n, last };
  }
  if (three === undefined) return { first: one!, step: one! <= two ? 1n : -1n, last: two };
  const [first, step, last] = [one!, two, three];
  const away = (first < last && step < 0n) || (first > last && step > 0n);
  return step === 0n || away ? undefined : { first, step, last };
}

function* count(
  name: string,
  { first, step, last }: Range,
  base: number,
): Generator<readonly Assignment[], void> {
  for (let value = first; ; value += step) {
    yield [[name, value.toString(base)]];
    if (step > 0n ? value + step > last : value + step < last) return;
  }
}

const NAMES = /[^ \t,}]*/y;
const VALUES = /[^ \t,})]*/y;

/** ~LST(NAME, VALUE, ...) and ~LST({NAME, ...}, {VALUE, ...}, ...); missing values are empty. */
function parseList(line: string): Sequence | undefined {
  const [head] = /^~LST[ \t]*\([ \t]*/.exec(line) ?? [];
  if (head === undefined) return undefined;
  const names = setAt(line, head.length, NAMES);
  if (!names || line[names.end] !== ',') return undefined;
  const sets: Assignment[][] = [];
  for (let at = names.end; line[at] !== ')'; ) {
    if (line[at] !== ',') return undefined;
    const set = setAt(line, afterBlanks(line, at + 1), VALUES);
    if (!set || set.items.length > names.items.length) return undefined;
    sets.push(names.items.map((name, index) => [name, set.items[index] ?? '']));
    at = set.end;
    if (line[at] === ')') return { end: afterBlanks(line, at + 1), values: sets.values() };
  }
  return undefined;
}

/** A name or value, or several in braces, and where they end. */
function setAt(line: string, start: number, item: RegExp): { items: string[]; end: number } | undefined {
  const braces = line[start] === '{';
  const items: string[] = [];
  for (let at = braces ? afterBlanks(line, start + 1) : start; ; ) {
    item.lastIndex = at;
    const [text] = item.exec(line)!;
    items.push(text);
    at = afterBlanks(line, at + text.length);
    if (!braces) return line[at] === ',' || line[at] === ')' ? { items, end: at } : undefined;
    if (line[at] === '}') return { items, end: afterBlanks(line, at + 1) };
    if (line[at] !== ',') return undefined;
    at = afterBlanks(line, at + 1);
  }
}
