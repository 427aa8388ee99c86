import type { Field, ObjectField, ValueField } from './field';

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the object of a document for `source`, a value of the model, without lists.
 * @param counters whether counters are written too.
 */
export function writeFields(
  fields: readonly Field[],
  source: object,
  counters: boolean,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of fields) {
    if (field.items || field.either || field.entries || (field.counter && !counters)) continue;
    const value = field.object ? writeObject(field, source, counters) : writeValue(field, source);
    if (value !== undefined) object[field.name] = value;
  }
  return object;
}

function writeValue({ kind, of, property, name }: ValueField, source: object): unknown {
  const value = of ? of(source as never) : (source as Values)[property ?? name];
  return value === undefined ? undefined : kind.write(value);
}

function writeObject(field: ObjectField, source: object, counters: boolean): object | undefined {
  const { when, inline, property, name, object } = field;
  if (when && !when(source as never)) return undefined;
  const inner = inline ? source : (source as Values)[property ?? name];
  return inner === undefined ? undefined : writeFields(object.fields, inner as object, counters);
}
