/** Numbers as keepalived reads them (parser.c, read_unsigned_func). */
import type { Diagnostics, Word } from '../source/collect';

const ULONG = 1n << 64n;

export interface UnsignedRange {
  readonly min: number;
  readonly max: number;
}

export interface CNumber {
  readonly value: bigint;
  /** What follows the digits. */
  readonly rest: string;
  readonly negative: boolean;
  readonly overflow: boolean;
}

/** strtoul(3) of the leading digits; without digits, 0, and the complete text follows. */
export function strtoul(text: string, base: 10 | 16 = 10): CNumber {
  const digits = base === 10 ? '[0-9]+' : '(?:0[xX](?=[0-9a-fA-F]))?[0-9a-fA-F]+';
  const [all, sign, number] = new RegExp(`^[ \\t\\n\\v\\f\\r]*([+-]?)(${digits})`).exec(text) ?? [];
  if (number === undefined) return { value: 0n, rest: text, negative: false, overflow: false };
  const negative = sign === '-';
  const read = BigInt(base === 10 || /^0x/i.test(number) ? number : `0x${number}`);
  const overflow = read >= ULONG;
  const value = overflow ? ULONG - 1n : negative ? (ULONG - read) % ULONG : read;
  return { value, rest: text.slice(all!.length), negative, overflow };
}

/**
 * Returns the number; undefined if keepalived ignores it.
 * @param lenient whether keepalived takes the leading digits of a word that is no number, and 0 if
 * there are none.
 * @param warn receives what is wrong, also if the number is used.
 */
export function readUnsigned(
  text: string,
  { min, max }: UnsignedRange,
  lenient: boolean,
  warn: (what: string) => void,
): number | undefined {
  if (/^[0-9]{1,9}$/.test(text)) {
    const plain = Number(text);
    if (plain >= min && plain <= max) return plain;
    warn(`is not from ${min} to ${max}`);
    return undefined;
  }
  const { value, rest, negative, overflow } = strtoul(text);
  const inside = !overflow && value >= min && value <= max;
  const minus = negative || /^[ \t\n\v\f\r]*-/.test(text);
  if (!minus && rest === '' && inside) return Number(value);
  const used = lenient && inside;
  const what = minus || rest !== '' ? 'is not a whole number' : `is not from ${min} to ${max}`;
  warn(used ? `${what}: keepalived uses ${value}` : what);
  return used ? Number(value) : undefined;
}

/** As `readUnsigned`, with a warning about a word that is ignored or read in part. */
export function unsignedOf(
  word: Word,
  range: UnsignedRange,
  lenient: boolean,
  diagnostics: Diagnostics,
): number | undefined {
  let wrong: string | undefined;
  const value = readUnsigned(word.text, range, lenient, (what) => {
    wrong = what;
  });
  if (wrong !== undefined)
    diagnostics.warn(word, `'${word.text}' ${wrong}${value === undefined ? ': keepalived ignores it' : ''}`);
  return value;
}
