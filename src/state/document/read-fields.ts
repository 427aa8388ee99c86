import type { DocumentOf, Field, ModelOf } from './field';

/**
 * Returns the values of the model that a table of fields reads from an object of a document in which the schema found
 * nothing wrong. What the object does not have gets its default.
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
    if (field.items || field.counter) continue;
    const value = (document as Readonly<Record<string, unknown>>)[field.name];
    const property = field.property ?? field.name;
    if (!field.object) {
      if ('read' in field.kind) {
        values[property] = value === undefined ? field.default : field.kind.read(value);
      }
    } else {
      const target = field.inline ? values : {};
      if (!field.inline) values[property] = target;
      readInto(target, field.object.fields, (value as object | undefined) ?? {});
    }
  }
}
