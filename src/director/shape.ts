/** Checks what a state file holds: it may be of another version, cut off, or written by hand. */

/** A state file that cannot be used. */
export class DamagedError extends Error {}

export type Shape<T> = (value: unknown, place: string) => T;

function damaged(place: string, expected: string): never {
  throw new DamagedError(`${place}: ${expected} expected`);
}

export const text: Shape<string> = (value, place) =>
  typeof value === 'string' ? value : damaged(place, 'a text');

export const number: Shape<number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? value : damaged(place, 'a number');

/** A whole number from 0 on. */
export const count: Shape<number> = (value, place) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : damaged(place, 'a count');

export const flag: Shape<boolean> = (value, place) =>
  typeof value === 'boolean' ? value : damaged(place, 'true or false');

export function oneOf<const T extends string>(...words: readonly T[]): Shape<T> {
  return (value, place) =>
    words.includes(value as T) ? (value as T) : damaged(place, `one of ${words.join(', ')}`);
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, place) => (value === undefined || value === null ? undefined : shape(value, place));
}

export function list<T>(shape: Shape<T>): Shape<T[]> {
  return (value, place) =>
    Array.isArray(value)
      ? value.map((item, index) => shape(item, `${place}[${index}]`))
      : damaged(place, 'a list');
}

export function map<T>(shape: Shape<T>): Shape<Map<string, T>> {
  return (value, place) =>
    new Map(
      Object.entries(objectOf(value, place)).map(([key, item]) => [key, shape(item, `${place}.${key}`)]),
    );
}

export function object<T extends object>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  return (value, place) => {
    const own = objectOf(value, place);
    const entries = Object.entries(fields as Record<string, Shape<unknown>>);
    return Object.fromEntries(
      entries.map(([name, shape]) => [name, shape(own[name], `${place}.${name}`)]),
    ) as T;
  };
}

function objectOf(value: unknown, place: string): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : damaged(place, 'an object');
}

/** @throws DamagedError */
export function parse<T>(content: string, shape: Shape<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new DamagedError('JSON expected');
  }
  return shape(value, 'file');
}
