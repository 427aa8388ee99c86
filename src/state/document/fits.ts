/**
 * Whether a document fits the tables of fields: the fast path of schema.ts, which says what is
 * wrong with one that does not. test/state/document/fits.test.ts holds the two equal.
 */
import type { Field, ObjectType } from './field';
import type { Form } from './kinds';

type Values = Readonly<Record<string, unknown>>;

/** Returns whether `value` is an object of `type`. */
export function fits(type: ObjectType, value: unknown): boolean {
  return objectFits(type, value, new Map());
}

/** Checks that fit as a field, which many servers may share: each is looked at once. */
type Shared = Map<unknown, Field>;

function objectFits(type: ObjectType, value: unknown, shared: Shared): boolean {
  if (!isObject(value)) return false;
  const { fields, required } = tableOf(type);
  let missing = required;
  // Of the many fields of a type most objects have few.
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    const field = fields.get(name);
    if (!field) return false;
    const inner = value[name];
    if (inner === undefined) continue;
    if (!fieldFits(field, inner, shared)) return false;
    if (field.required) missing -= 1;
  }
  return missing === 0 && (type.problems ? type.problems(value).length === 0 : true);
}

export function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface FieldTable {
  readonly fields: ReadonlyMap<string, Field>;
  /** How many fields an object must have. */
  readonly required: number;
}

const tables = new WeakMap<ObjectType, FieldTable>();

function tableOf(type: ObjectType): FieldTable {
  const known = tables.get(type);
  if (known) return known;
  const table = {
    fields: new Map(type.fields.map((field) => [field.name, field])),
    required: type.fields.filter(({ required }) => required).length,
  };
  tables.set(type, table);
  return table;
}

/** The fields of a type, by name. */
export function fieldsOf(type: ObjectType): ReadonlyMap<string, Field> {
  return tableOf(type).fields;
}

function fieldFits(field: Field, value: unknown, shared: Shared): boolean {
  if (field.kind) return valueFits(field.kind, value);
  if (field.object) return objectFits(field.object, value, shared);
  if (field.items) {
    const { items } = field;
    return Array.isArray(value) && value.every((item) => objectFits(items, item, shared));
  }
  if (field.either) {
    const { name, object } = field.either;
    if (typeof value === 'string') return valueFits(name, value);
    if (shared.get(value) === field) return true;
    const items = Array.isArray(value) ? value : [value];
    const all = items.every((item) =>
      typeof item === 'string' ? valueFits(name, item) : objectFits(object, item, shared),
    );
    if (all) shared.set(value, field);
    return all;
  }
  const { name, object } = field.entries;
  return (
    isObject(value) &&
    Object.keys(value).every((key) => valueFits(name, key) && objectFits(object, value[key], shared))
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
