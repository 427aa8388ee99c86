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
  return readAs(readingOf(fields), document) as ModelOf<Table>;
}

/** How the fields of a table are read. */
interface Reading {
  /** What is read when no field is there. Nested objects of defaults are shared. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** By the name of the field; without those that are not read. */
  readonly steps: ReadonlyMap<string, Step>;
}

interface Step {
  readonly property: string;
  readonly read?: (value: never) => unknown;
  /** Of an object. */
  readonly inner?: Reading;
  readonly inline?: true | undefined;
}

const readings = new WeakMap<readonly Field[], Reading>();

function readingOf(fields: readonly Field[]): Reading {
  const known = readings.get(fields);
  if (known) return known;
  const defaults: Record<string, unknown> = {};
  const steps = new Map<string, Step>();
  for (const field of fields) {
    if (field.counter) continue;
    const property = field.property ?? field.name;
    if (field.object) {
      const inner = readingOf(field.object.fields);
      if (field.inline) Object.assign(defaults, inner.defaults);
      else defaults[property] = inner.defaults;
      steps.set(field.name, { property, inner, inline: field.inline });
    } else if (field.kind) {
      const { read } = field.kind as Partial<Kind>;
      if (!read) continue;
      defaults[property] = field.default;
      steps.set(field.name, { property, read });
    }
  }
  const reading = { defaults, steps };
  readings.set(fields, reading);
  return reading;
}

function readAs(reading: Reading, document: object): Record<string, unknown> {
  const values = { ...reading.defaults };
  readInto(values, reading.steps, document);
  return values;
}

/** Of the many fields of a table most documents have few: those are looked at. */
function readInto(values: Record<string, unknown>, steps: Reading['steps'], document: object): void {
  for (const name in document) {
    const step = steps.get(name);
    const value = (document as Readonly<Record<string, unknown>>)[name];
    if (!step || value === undefined || !Object.hasOwn(document, name)) continue;
    const { property, read, inner } = step;
    if (read) values[property] = read(value as never);
    else if (step.inline) readInto(values, inner!.steps, value as object);
    else values[property] = readAs(inner!, value as object);
  }
}
