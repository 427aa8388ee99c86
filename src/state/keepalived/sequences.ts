/** ~SEQ and ~LST of keepalived.conf(5), which repeat a line once for each of a list of values. */

export interface Sequence {
  /** The offset after the closing parenthesis. */
  readonly end: number;
  /** The definitions of each repetition. */
  readonly values: readonly (readonly (readonly [name: string, value: string])[])[];
}

/** A longer sequence is taken for a mistake. */
const MAX_COUNT = 100_000;

/** Parses the ~SEQ, ~SEQx or ~LST that a line begins with. Returns undefined when it is invalid. */
export function parseSequence(line: string): Sequence | undefined {
  const head = /^\s*~(SEQx?|LST)\(([^()]*)\)/.exec(line);
  if (!head) return undefined;
  const [all, kind, inner] = head;
  const items = split(inner!);
  const values = kind === 'LST' ? list(items) : sequence(items, kind === 'SEQx');
  return values && values.length <= MAX_COUNT ? { end: all.length, values } : undefined;
}

/** Splits at commas outside braces. */
function split(text: string): string[] {
  return (text.match(/(?:\{[^{}]*\}|[^,{}])+/g) ?? []).map((item) => item.trim());
}

function sequence(
  [name, ...numbers]: readonly string[],
  hexadecimal: boolean,
): Sequence['values'] | undefined {
  const read = numbers.map((text) =>
    /^[+-]?(0x[0-9a-f]+|[0-9]+)$/i.test(text) ? toNumber(text) : Number.NaN,
  );
  if (!name || !/^[A-Za-z_]\w*$/.test(name) || read.length < 1 || read.length > 3 || read.some(Number.isNaN))
    return undefined;
  const last = read.at(-1)!;
  const first = read.length > 1 ? read[0]! : last > 0 ? 1 : -1;
  const step = read.length > 2 ? read[1]! : last < first ? -1 : 1;
  if (step === 0 || Math.abs((last - first) / step) > MAX_COUNT) return undefined;
  const values: (readonly [string, string])[][] = [];
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    values.push([[name, value.toString(hexadecimal ? 16 : 10)]]);
  }
  return values;
}

function toNumber(text: string): number {
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace(/^\+/, ''));
}

function list([names, ...items]: readonly string[]): Sequence['values'] | undefined {
  const known = unbraced(names ?? '');
  const values = items.map((item) => unbraced(item));
  const fits =
    known.every((name) => /^[A-Za-z_]\w*$/.test(name)) && values.every((row) => row.length === known.length);
  return fits && values.length > 0
    ? values.map((row) => row.map((value, index) => [known[index]!, value]))
    : undefined;
}

/** Splits {A, B} into its items; an item without braces is returned alone. */
function unbraced(item: string): string[] {
  const inner = /^\{(.*)\}$/.exec(item);
  return inner ? inner[1]!.split(',').map((part) => part.trim()) : [item];
}
