/**
 * Kinds of fields: what a value looks like in a state document, and how it is converted
 * from the model and back. The `form` of a kind is plain data: schema.ts makes the zod schema from it,
 * scripts/state-docs.ts the type column of docs/state.md.
 */
import { toHex } from '../../bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { formatAddress, parseAddress } from '../../model/address';
import { bitNames } from '../../model/flag-names';
import { type Range, S32_MAX, U16_MAX, U32_MAX } from '../../model/limits';
import type { Counter, UnknownAttributes } from './types';

/** A problem of a value: a complete sentence. */
export interface ValueProblem {
  readonly message: string;
  readonly hint?: string;
}

type ProblemOf = (text: string) => ValueProblem | undefined;

export type Form =
  | { readonly form: 'constant'; readonly value: string | number; readonly expected: string }
  | { readonly form: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly form: 'boolean' | 'netmask' | 'counter' | 'unknown' }
  /** `maximum` is in bytes. */
  | { readonly form: 'text'; readonly what: string; readonly maximum?: number; readonly problem?: ProblemOf }
  | { readonly form: 'address'; readonly problem: ProblemOf }
  | { readonly form: 'enum'; readonly names: readonly string[] }
  | { readonly form: 'enum-or-integer'; readonly names: readonly string[]; readonly maximum: number }
  /** A list of names. `what` continues "must be"; absent: the name of a flag. */
  | { readonly form: 'flags'; readonly what?: string; readonly problem?: ProblemOf }
  /** A number and its unit, as text: 2s. */
  | { readonly form: 'duration'; readonly problem: ProblemOf }
  /** A text or a whole number. */
  | {
      readonly form: 'text-or-number';
      readonly what: string;
      readonly problem: (value: string | number) => ValueProblem | undefined;
    }
  /** A text or a list of texts. */
  | { readonly form: 'texts'; readonly what: string; readonly problem?: ProblemOf }
  /** An object of texts, or of any values, by names that only the user knows. */
  | {
      readonly form: 'map';
      readonly what: string;
      readonly values: 'text' | 'any';
      readonly problem: (name: string, value: unknown) => ValueProblem | undefined;
    };

/** A kind whose values are written to documents and ignored when one is loaded. */
export type WrittenKind<Model = unknown, Value = unknown> = Form & {
  /** Returns undefined to leave the field out. */
  write(value: Model): Value | undefined;
};

export type Kind<Model = unknown, Value = unknown> = WrittenKind<Model, Value> & {
  /** @param value one that fits the schema. */
  read(value: Value): Model;
};

const same = <T>(value: T): T => value;

/** A field that has always the same value. @param expected continues "must be" in messages. */
export function constant<const T extends string | number>(value: T, expected: string): Kind<T, T> {
  return { form: 'constant', value, expected, write: same, read: same };
}

export function integer(minimum: number, maximum: number): Kind<number, number> {
  return { form: 'integer', minimum, maximum, write: same, read: same };
}

/** A whole number in one of the ranges of model/limits.ts. */
export function within({ min, max }: Range): Kind<number, number> {
  return integer(min, max);
}

export const u16 = integer(0, U16_MAX);
export const u32 = integer(0, U32_MAX);
/** A signed 32-bit number of the kernel that must not be negative. */
export const s32 = integer(0, S32_MAX);

export const boolean: Kind<boolean, boolean> = { form: 'boolean', write: same, read: same };

/** A text of the kernel. @param what continues "must be" in messages. */
export function text(what: string): Kind<string, string> {
  return { form: 'text', what, write: unicodeFromBytes, read: bytesFromUnicode };
}

/**
 * A name in the kernel: 1 to `maximum` bytes, no white space.
 * @param what continues "must be" in messages.
 */
export function nameOfAtMost(maximum: number, what: string): Kind<string, string> {
  return { ...text(what), form: 'text', what, maximum, problem: (value) => nameProblem(value, maximum) };
}

function nameProblem(value: string, maximum: number): ValueProblem | undefined {
  const name = bytesFromUnicode(value);
  if (name === '') return { message: 'the name is empty' };
  if (name.length > maximum) return { message: `the name is longer than ${maximum} bytes` };
  return /[ \t\n\v\f\r\0]/.test(name) ? { message: 'the name contains white space' } : undefined;
}

/** An IPv4 or IPv6 address; in the model 4 or 16 bytes. */
export const address: Kind<Uint8Array, string> = {
  form: 'address',
  write: formatAddress,
  read: (value) => parseAddress(value)!,
  problem: (value) => (dottedQuad.test(value) || parseAddress(value) ? undefined : addressProblem(value)),
};

/** A test of IPv4 addresses that is faster than parsing: each is checked and then read. */
const dottedQuad = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

function addressProblem(value: string): ValueProblem {
  const bracketed = /^\[.*\]$/.test(value);
  return {
    message: `'${value}' is not an IPv4 or IPv6 address`,
    hint: bracketed
      ? 'write it without brackets'
      : 'such as 192.0.2.10 or 2001:db8::1; host names are not allowed',
  };
}

/** One of the names in `table`; a number that has no name is not written. */
export function oneOf<T extends Readonly<Record<string, number>>>(
  table: T,
): Kind<T[keyof T] | number, keyof T & string> {
  const names = namesByNumber(table);
  return {
    form: 'enum',
    names: Object.keys(table),
    write: (value) => names.get(value),
    read: (name) => table[name]!,
  };
}

/**
 * One of the names in `table`, or a number up to `maximum`.
 * @param mask the bits that the names are for.
 */
export function oneOfOrInteger<T extends Readonly<Record<string, number>>>(
  table: T,
  maximum: number,
  mask = maximum,
): Kind<number, (keyof T & string) | number> {
  const names = namesByNumber(table);
  return {
    form: 'enum-or-integer',
    names: Object.keys(table),
    maximum,
    write: (value) => names.get(value & mask) ?? value,
    read: (value) => (typeof value === 'number' ? value : table[value]!),
  };
}

function namesByNumber<T extends Readonly<Record<string, number>>>(table: T): Map<number, keyof T & string> {
  return new Map(Object.entries(table).map(([name, number]) => [number, name]));
}

/** A list of flags by name, for flags whose names depend on other fields. */
export const flagNames: Kind<readonly string[], string[]> = {
  form: 'flags',
  write: (names) => (names.length > 0 ? [...names] : undefined),
  read: same,
};

/** A list of flags by their names in `table`; other bits of `all` are written as 0x... */
export function flagBits(table: Readonly<Record<string, number>>, all: number): Kind<number, string[]> {
  return {
    form: 'flags',
    write: (bits) => (bits === 0 ? undefined : bitNames(bits, table)),
    read: (names) => names.reduce((bits, name) => bits | flagBit(name, table, all)!, 0) >>> 0,
    problem: (name) => (flagBit(name, table, all) === undefined ? flagProblem(name, table) : undefined),
  };
}

/**
 * Returns the bits of a flag: by its name in `table`, or 0x... within `all`; undefined for anything
 * else.
 */
export function flagBit(
  name: string,
  table: Readonly<Record<string, number>>,
  all: number,
): number | undefined {
  const bits = Object.hasOwn(table, name) ? table[name]! : Number(/^0x[0-9a-f]{1,8}$/.test(name) ? name : 0);
  return bits === 0 || bits > all ? undefined : bits;
}

export function flagProblem(name: string, table: Readonly<Record<string, number>>): ValueProblem {
  return { message: `unknown flag '${name}'`, hint: `known: ${Object.keys(table).join(', ')}` };
}

/** An IPv4 mask as text, or an IPv6 prefix length, as the family of the service requires. */
export const netmask: Kind<string | number, string | number> = { form: 'netmask', write: same, read: same };

/** A 64-bit counter. */
export const counter: WrittenKind<bigint, Counter> = { form: 'counter', write: counterValue };

/**
 * Returns a number up to 2^53-1, which every JSON reader reads exactly, and a decimal string
 * beyond.
 */
export function counterValue(value: bigint): Counter {
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
}

/** Attributes of a newer kernel, by number. */
export const unknown: WrittenKind<ReadonlyMap<number, Uint8Array>, UnknownAttributes> = {
  form: 'unknown',
  write: (attributes) =>
    attributes.size === 0
      ? undefined
      : Object.fromEntries([...attributes].map(([number, payload]) => [number, toHex(payload)])),
};
