/**
 * The zod schemas of state documents and of connections, made from the tables of fields. A separate
 * bundle, loaded when a document is read.
 */
import * as z from 'zod';
import { connectionType } from './connection-fields';
import type { EitherField, EntriesField, Field, ObjectProblem, ObjectType } from './field';
import { fieldsOf, fits, isObject, isUnknownAttribute } from './fits';
import type { Form, ValueProblem } from './kinds';
import { directorStateType, stateType, typeOfDocument } from './state-fields';
import { A_FLAG, AN_EITHER, issueOf, mustBe, text, valueSchema } from './value-schemas';

type Path = readonly (string | number)[];

/** Schemas of objects by id: zod does not allow two schemas with the same id. */
const definitions = new Map<string, z.ZodType>();

/** A state document. */
export const stateSchema = objectSchema(stateType);

/** A state document of version 2. */
export const directorStateSchema = objectSchema(directorStateType);

/** A line of `list --connection --json`. */
export const connectionSchema = objectSchema(connectionType);

function objectSchema({ id, title, summary, fields, problems }: ObjectType): z.ZodType {
  const known = id === undefined ? undefined : definitions.get(id);
  if (known) return known;
  const shape = Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)]));
  const object = z.strictObject(shape, { error: mustBe('an object') });
  const checked = problems ? object.check(checkObject(problems)) : object;
  const meta = { id, title, description: summary };
  const described = checked.meta(
    Object.fromEntries(Object.entries(meta).filter(([, value]) => value !== undefined)),
  );
  if (id !== undefined) definitions.set(id, described);
  return described;
}

function fieldSchema(field: Field): z.ZodType {
  const optional = (schema: z.ZodType) => (field.required ? schema : schema.optional());
  if (field.object) return optional(objectSchema(field.object));
  if (field.items) {
    const list = z.array(objectSchema(field.items), { error: mustBe('a list') });
    return optional(field.summary === undefined ? list : list.describe(field.summary));
  }
  if (field.either) return optional(eitherSchema(field.either).describe(field.summary));
  if (field.entries) {
    const { name, object } = field.entries;
    const entries = z.record(valueSchema(name) as z.ZodString, objectSchema(object), {
      error: mustBe('an object'),
    });
    return optional(entries.describe(field.summary));
  }
  const schema = optional(valueSchema(field.kind));
  return field.summary === '' ? schema : schema.describe(field.summary);
}

function eitherSchema({ name, object }: NonNullable<EitherField['either']>): z.ZodType {
  const one = z.union([valueSchema(name), objectSchema(object)], { error: `must be ${AN_EITHER}` });
  return z.union([one, z.array(one)], { error: `must be ${AN_EITHER}` });
}

/**
 * Unlike other checks of zod it also runs when a field is wrong, so that all problems are reported
 * at once.
 */
function checkObject(problemsOf: NonNullable<ObjectType['problems']>): z.core.$ZodCheck<object> {
  const check = new z.core.$ZodCheck({
    check: 'custom',
    when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  });
  check._zod.check = ({ value, issues }) => {
    for (const problem of problemsOf(value)) issues.push(issueOf(value, problem));
  };
  return check;
}

/** Returns the JSON Schemas (draft 2020-12) of state documents and of connections. */
export function jsonSchemas(): Record<'state' | 'state-2' | 'connection', object> {
  return {
    state: z.toJSONSchema(stateSchema),
    'state-2': z.toJSONSchema(directorStateSchema),
    connection: z.toJSONSchema(connectionSchema),
  };
}

/** An error of form in the part of a document at `path`. */
export interface SchemaProblem extends ValueProblem {
  /** Names of fields and indexes of items. */
  readonly path: Path;
  /**
   * 'unknown' and 'missing' are about the last field of `path`. `message` is empty for an 'unknown'
   * field, a complete sentence for a 'malformed' value, and else continues the name of the field:
   * "must be ...".
   */
  readonly kind: 'unknown' | 'missing' | 'wrong' | 'malformed';
}

/**
 * Returns the errors of form in a state document, `most` at most. zod gets the values of fields,
 * never a list of objects: it cannot report hundreds of thousands of issues.
 */
export function schemaProblems(value: unknown, most = Number.POSITIVE_INFINITY): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const problem of objectProblems(typeOfDocument(value), value, [])) {
    problems.push(problem);
    if (problems.length >= most) break;
  }
  return problems;
}

function* objectProblems(type: ObjectType, value: unknown, path: Path): Generator<SchemaProblem, void> {
  if (fits(type, value)) return;
  if (!isObject(value)) {
    yield { path, kind: 'wrong', message: 'must be an object' };
    return;
  }
  for (const field of type.fields) {
    const inner = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
    yield* fieldProblems(field, inner, [...path, field.name]);
  }
  const known = fieldsOf(type);
  for (const name in value) {
    if (!known.has(name)) yield { path: [...path, name], kind: 'unknown', message: '' };
  }
  for (const problem of type.problems?.(value) ?? []) yield malformed(path, problem);
}

function* fieldProblems(field: Field, value: unknown, path: Path): Generator<SchemaProblem, void> {
  if (value === undefined) {
    if (field.required) yield { path, kind: 'missing', message: messageOf(field) };
  } else if (field.object) yield* objectProblems(field.object, value, path);
  else if (field.items) {
    const { items } = field;
    yield* listProblems(value, path, (item, at) => objectProblems(items, item, at));
  } else if (field.either) yield* eitherProblems(field.either, value, path);
  else if (field.entries) yield* entriesProblems(field.entries, value, path);
  else if (field.kind.form === 'texts' && Array.isArray(value)) {
    const one = text(field.kind.what, field.kind.problem);
    yield* listProblems(value, path, (item, at) => valueProblems(one, item, at));
  } else if (field.kind.form === 'texts' && typeof value === 'string') {
    yield* valueProblems(text(field.kind.what, field.kind.problem), value, path);
  } else if (field.kind.form === 'map' && isObject(value)) yield* mapProblems(field.kind, value, path);
  else if (field.kind.form === 'flags') {
    const name = text(field.kind.what ?? A_FLAG, field.kind.problem);
    yield* listProblems(value, path, (item, at) => valueProblems(name, item, at));
  } else if (field.kind.form === 'unknown' && isObject(value)) yield* attributeProblems(value, path);
  else yield* valueProblems(schemaOf(field.kind), value, path);
}

function* listProblems(
  value: unknown,
  path: Path,
  problemsOf: (item: unknown, path: Path) => Generator<SchemaProblem, void>,
): Generator<SchemaProblem, void> {
  if (!Array.isArray(value)) yield { path, kind: 'wrong', message: 'must be a list' };
  else for (const [index, item] of value.entries()) yield* problemsOf(item, [...path, index]);
}

function* eitherProblems(
  { name, object }: NonNullable<EitherField['either']>,
  value: unknown,
  path: Path,
): Generator<SchemaProblem, void> {
  const one = function* (item: unknown, at: Path): Generator<SchemaProblem, void> {
    if (typeof item === 'string') yield* valueProblems(schemaOf(name), item, at);
    else if (isObject(item)) yield* objectProblems(object, item, at);
    else yield { path: at, kind: 'wrong', message: `must be ${AN_EITHER}` };
  };
  if (Array.isArray(value)) yield* listProblems(value, path, one);
  else yield* one(value, path);
}

function* entriesProblems(
  { name, object }: NonNullable<EntriesField['entries']>,
  value: unknown,
  path: Path,
): Generator<SchemaProblem, void> {
  if (!isObject(value)) {
    yield { path, kind: 'wrong', message: 'must be an object' };
    return;
  }
  for (const key of Object.keys(value)) {
    yield* valueProblems(schemaOf(name), key, [...path, key]);
    yield* objectProblems(object, value[key], [...path, key]);
  }
}

function* mapProblems(
  form: Form & { form: 'map' },
  value: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<SchemaProblem, void> {
  for (const [name, inner] of Object.entries(value)) {
    const at = [...path, name];
    if (form.values === 'text' && typeof inner !== 'string') {
      yield { path: at, kind: 'wrong', message: 'must be a text, as a string' };
      continue;
    }
    const problem = form.problem(name, inner);
    if (problem) yield malformed(at, { path: [], ...problem });
  }
}

function* attributeProblems(
  attributes: Readonly<Record<string, unknown>>,
  path: Path,
): Generator<SchemaProblem, void> {
  for (const [number, payload] of Object.entries(attributes)) {
    if (isUnknownAttribute([number, payload])) continue;
    yield {
      path: [...path, number],
      kind: 'malformed',
      message: `'${number}' is not the number of an attribute with hexadecimal digits`,
      hint: 'such as "12": "00ff"',
    };
  }
}

function* valueProblems(schema: z.ZodType, value: unknown, path: Path): Generator<SchemaProblem, void> {
  const { error } = schema.safeParse(value, { reportInput: true });
  for (const issue of error?.issues ?? []) {
    if (issue.code !== 'custom') yield { path, kind: 'wrong', message: issue.message };
    else {
      const hint = issue.params?.hint as string | undefined;
      yield malformed(path, { path: [], message: issue.message, ...(hint === undefined ? {} : { hint }) });
    }
  }
}

function malformed(around: Path, { path, ...problem }: ObjectProblem): SchemaProblem {
  return { path: [...around, ...path], kind: 'malformed', ...problem };
}

/** What a missing field must be. */
function messageOf(field: Field): string {
  if (field.object) return 'must be an object';
  if (field.items) return 'must be a list';
  if (field.either) return `must be ${AN_EITHER}`;
  if (field.entries) return 'must be an object';
  return schemaOf(field.kind).safeParse(undefined).error?.issues[0]?.message ?? '';
}

const schemas = new WeakMap<Form, z.ZodType>();

function schemaOf(form: Form): z.ZodType {
  const schema = schemas.get(form) ?? valueSchema(form);
  schemas.set(form, schema);
  return schema;
}
