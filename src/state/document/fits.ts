/**
 * Whether a document fits the tables of fields: the fast path of schema.ts, which says what is
 * wrong with one that does not. test/state/document/fits.test.ts holds the two equal.
 */
import type { Field, ObjectType } from './field';
import type { Form } from './kinds';

type Values = Readonly<Record<string, unknown>>;

/** Returns whether `value` is an object of `type`. */
export function fits(type: ObjectType, value: unknown): boolean {
  if (!isObject(value)) return false;
  const fields = fieldsOf(type);
  for (const name in value) if (!fields.has(name) && Object.hasOwn(value, name)) return false;
  for (const field of type.fields) {
    const inner = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    if (inner === undefined ? field.required : !fieldFits(field, inner)) return false;
  }
  return type.problems ? type.problems(value).length === 0 : true;
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const tables = new WeakMap<ObjectType, ReadonlySet<string>>();

/** The names of the fields of a type. */
export function fieldsOf(type: ObjectType): ReadonlySet<string> {
  const known = tables.get(type);
  if (known) return known;
  const fields = new Set(type.fields.map(({ name }) => name));
  tables.set(type, fields);
  return fields;
}

function fieldFits(field: Field, value: unknown): boolean {
  if (field.kind) return valueFits(field.kind, value);
  if (field.object) return fits(field.object, value);
  if (field.items) {
    const { items } = field;
    return Array.isArray(value) && value.every((item) => fits(items, item));
  }
  if (field.either) {
    const { name, object } = field.either;
    const one = (item: unknown) => (typeof item === 'string' ? valueFits(name, item) : fits(object, item));
    return Array.isArray(value) ? value.every(one) : one(value);
  }
  const { name, object } = field.entries;
  return (
    isObject(value) && Object.keys(value).every((key) => valueFits(name, key) && fits(object, value[key]))
  );
}

/** Returns whether `value` is of a form. */
export function valueFits(form: Form, value: unknown): boolean {
  switch (form.form) {
    case 'constant':
      return value === form.value;
    case 'integer':
      return isInteger(value, form.minimum, form.maximum);
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
    case 'address':
    case 'duration':
      return typeof value === 'string' && !form.problem?.(value);
    case 'text-or-number':
      return (
        (typeof value === 'string' || isInteger(value, 0, Number.MAX_SAFE_INTEGER)) &&
        !form.problem(value as string | number)
      );
    case 'texts': {
      const list = Array.isArray(value) ? value : [value];
      return list.every((item) => typeof item === 'string' && !form.problem?.(item));
    }
    case 'map':
      return (
        isObject(value) &&
        Object.entries(value).every(
          ([name, inner]) =>
            (form.values === 'any' || typeof inner === 'string') && !form.problem(name, inner),
        )
      );
    case 'enum':
      return form.names.includes(value as string);
    case 'enum-or-integer':
      return form.names.includes(value as string) || isInteger(value, 0, form.maximum);
    case 'flags':
      return Array.isArray(value) && value.every((name) => typeof name === 'string' && !form.problem?.(name));
    case 'netmask':
      return typeof value === 'string' || isInteger(value, 1, 128);
    case 'counter':
      return (
        isInteger(value, 0, Number.MAX_SAFE_INTEGER) ||
        (typeof value === 'string' && /^[0-9]{16,20}$/.test(value))
      );
    case 'unknown':
      return isObject(value) && Object.entries(value).every(isUnknownAttribute);
  }
}

function isInteger(value: unknown, minimum: number, maximum: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** Whether an entry has the number of an attribute, and its payload in hexadecimal digits. */
export function isUnknownAttribute([number, payload]: [string, unknown]): boolean {
  return /^[0-9]{1,5}$/.test(number) && typeof payload === 'string' && isHex(payload);
}

/** No pattern with a group does this: V8 needs stack for each of its repetitions. */
function isHex(text: string): boolean {
  return text.length % 2 === 0 && !/[^0-9a-f]/.test(text);
}
