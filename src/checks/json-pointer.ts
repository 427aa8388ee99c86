/** Values in JSON documents, found by JSON pointers (RFC 6901). */

/** The value at a pointer; undefined if there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const token of pointer.split('/').slice(1)) {
    if (value === null || typeof value !== 'object') return undefined;
    const name = token.replace(/~1/g, '/').replace(/~0/g, '~');
    if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(name)) return undefined;
    if (!Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Whether two values of JSON are equal; the order of an object's fields does not count. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const fields = Object.entries(a);
  if (fields.length !== Object.keys(b).length) return false;
  return fields.every(
    ([name, value]) => Object.hasOwn(b, name) && isEqualJson(value, (b as Record<string, unknown>)[name]),
  );
}

/** A value in a message; an object or array by its kind alone. */
export function jsonText(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value !== null && typeof value === 'object') {
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  }
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
