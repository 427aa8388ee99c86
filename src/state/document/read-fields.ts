import type { DocumentOf, Field, ModelOf } from './field';
import type { Kind } from './kinds';

/**
 * Returns the values of the model for an object of a document, by property. Fields that the object
 * does not have get their default; counters and lists are left out.
 * @param document one that fits the schema.
 */
export function readFields<const Table extends readonly Field[]>(
  fields: Table,
  document: DocumentOf<Table>,
): ModelOf<Table> {
  const values: Record<string, unknown> = {};
  readInto(values, fields, document);
  return values as ModelOf<Table>;
}

function readInto(values: Record<string, unknown>, fields: readonly Field[], document: object): void {
  for (const field of fields) {
    if (field.counter) continue;
    const value = (document as Readonly<Record<string, unknown>>)[field.name];
    const property = field.property ?? field.name;
    if (field.kind) {
      const { read } = field.kind as Partial<Kind>;
      if (read) values[property] = value === undefined ? field.default : read(value);
    } else if (field.object) {
      const target = field.inline ? values : {};
      if (!field.inline) values[property] = target;
      readInto(target, field.object.fields, (value as object | undefined) ?? {});
    }
  }
}
