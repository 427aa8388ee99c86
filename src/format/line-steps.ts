/**
 * The line of a real server as data. A line is a list of steps, each of which writes a part of it
 * from a row of ServerRows. `compile` turns it into a `LineProgram`, which two small interpreters
 * read: src/format/write-lines.ts on Node, src/engines/quickjs/lines.c in the native program. To
 * add a kind of step, add it here and to both.
 */
import { toBytes } from '../bytes/byte-text';
import type { LineProgram } from '../platform/bulk-rows';
import {
  ADDRESS,
  BARE,
  CHOICE,
  COUNTER,
  ENDPOINT,
  EXACT,
  JSON_VALUE,
  MARK,
  NUMBER,
  PAD,
  REQUIRE,
  SCALED,
  STEP,
  TEXT,
  UNLESS,
} from './line-operations';

const counterStyles = { scaled: SCALED, exact: EXACT, bare: BARE, json: JSON_VALUE };

/** The most that an operation writes which has no length or width: an endpoint, a number. */
const LONGEST = 64;

export interface Step {
  /** The operations that do it, with references to texts and tables still open. */
  readonly operations: readonly Operation[];
  /** The most bytes that it writes. */
  readonly longest: number;
}

/** Operands are numbers, but for the texts of TEXT and CHOICE. */
interface Operation {
  readonly words: readonly number[];
  readonly texts?: readonly string[];
}

export function text(value: string): Step {
  return { operations: [{ words: [TEXT], texts: [value] }], longest: value.length };
}

/** The address and port, as `formatEndpoint` without names, padded to `width`. */
export function endpoint(width: number): Step {
  return simple(Math.max(width, LONGEST), ENDPOINT, width);
}

/** The address, as `formatAddress`. */
export function address(): Step {
  return simple(LONGEST, ADDRESS);
}

/** An unsigned column, padded to `width`. */
export function unsigned(column: number, width = 0): Step {
  return simple(Math.max(width, LONGEST), NUMBER, column, width, 0);
}

/** A signed column, padded to `width`. */
export function signed(column: number, width = 0): Step {
  return simple(Math.max(width, LONGEST), NUMBER, column, width, 1);
}

/** A counter of two words. @param width 9 if it is `scaled` or `exact`. */
export function counter(column: number, style: keyof typeof counterStyles, width = 0): Step {
  return simple(Math.max(width, LONGEST), COUNTER, column, width, counterStyles[style]);
}

/** The text of a column's value within `mask`; `otherwise` for a value beyond the texts. */
export function choice(column: number, mask: number, texts: readonly string[], otherwise: string): Step {
  const all = [...texts, otherwise];
  return {
    operations: [{ words: [CHOICE, column, mask], texts: all }],
    longest: Math.max(...all.map(({ length }) => length)),
  };
}

/** Steps that together are padded to `width`. */
export function padded(width: number, ...steps: readonly Step[]): Step {
  const inner = joined(steps);
  return {
    operations: [{ words: [MARK] }, ...inner.operations, { words: [PAD, width] }],
    longest: Math.max(width, inner.longest),
  };
}

/** `then` if a column has a value within `mask`, or else `otherwise`. */
export function when(
  column: number,
  mask: number,
  value: number,
  then: readonly Step[],
  otherwise: readonly Step[] = [],
): Step {
  const [first, second] = [joined(then), joined(otherwise)];
  // No value is 1 within the mask 0: skips always.
  const jump: Operation[] =
    otherwise.length > 0 ? [{ words: [UNLESS, column, 0, 1, second.operations.length] }] : [];
  const skipped = first.operations.length + jump.length;
  return {
    operations: [
      { words: [UNLESS, column, mask, value, skipped] },
      ...first.operations,
      ...jump,
      ...second.operations,
    ],
    longest: Math.max(first.longest, second.longest),
  };
}

/** Leaves the row to the plain version, unless a column has a value within `mask`. */
export function required(column: number, mask: number, value: number): Step {
  return simple(0, REQUIRE, column, mask, value);
}

/** The mask of a complete column. */
export const ALL = -1;

export function compile(...line: readonly Step[]): LineProgram {
  const { operations, longest } = joined(line);
  const steps: number[] = [];
  const tables: number[] = [];
  const end = operations.length * STEP;
  let texts = '';
  const placeOf = (value: string) => {
    texts += value;
    return [texts.length - value.length, value.length];
  };
  for (const { words, texts: own = [] } of operations) {
    const operands = [...words];
    if (words[0] === TEXT) operands.push(...placeOf(own[0]!));
    if (words[0] === CHOICE) {
      operands.push(end + tables.length, own.length - 1);
      tables.push(...own.flatMap(placeOf));
    }
    while (operands.length < STEP) operands.push(0);
    steps.push(...operands);
  }
  return { steps: Int32Array.from([...steps, ...tables]), end, texts: toBytes(texts), longest };
}

/** The same lines with a text in front. Expects a step `text('')` as their first. */
export function beginningWith(beginning: Uint8Array, program: LineProgram): LineProgram {
  const { steps, texts, end, longest } = program;
  const all = new Uint8Array(texts.length + beginning.length);
  all.set(texts);
  all.set(beginning, texts.length);
  const own = steps.slice();
  own[1] = texts.length;
  own[2] = beginning.length;
  return { steps: own, end, texts: all, longest: longest + beginning.length };
}

function simple(longest: number, ...words: readonly number[]): Step {
  return { operations: [{ words }], longest };
}

function joined(steps: readonly Step[]): Step {
  return {
    operations: steps.flatMap(({ operations }) => operations),
    longest: steps.reduce((sum, step) => sum + step.longest, 0),
  };
}
