/**
 * The zod schemas of state documents and of connections, made from the tables of fields. A separate
 * bundle, loaded when a document is read.
 */
import * as z from 'zod';
import { connectionType } from './connection-fields';
import type { Field, ObjectProblem, ObjectType } from './field';
import { fieldsOf, fits, isObject, isUnknownAttribute } from './fits';
import type { Form, ValueProblem } from './kinds';
import { directorStateType, stateType, typeOfDocument } from './state-fields';

type Path = readonly (string | number)[];

/** What an item of a list of flags must be. */
const A_FLAG = 'the name of a flag';

/** Schemas of objects by id: zod does not allow two schemas with the same id. */
const definitions = new Map<string, z.ZodType>();

const counter = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^[0-9]{16,20}$/)], {
    error: 'must be a whole number, or a decimal string from 2^53 on',
  })
  .meta({ id: 'counter', description: 'a 64-bit counter: a number up to 2^53-1, a decimal string beyond' });

/** A state document. */
export const stateSchema = objectSchema(stateType);

/** A state document of version 2. */
const directorStateSchema = objectSchema(directorStateType);

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
  const schema = optional(valueSchema(field.kind));
  return field.summary === '' ? schema : schema.describe(field.summary);
}

/** Messages continue the name of the field: "must be ...". */
function valueSchema(form: Form): z.ZodType {
  switch (form.form) {
    case 'constant':
      return z.literal(form.value, { error: `must be ${form.expected}` });
    case 'integer':
      return integer(form.minimum, form.maximum);
    case 'boolean':
      return z.boolean({ error: 'must be true or false' });
    case 'text':
      return text(form.what, form.problem);
    case 'address':
      return text('an address', form.problem);
    case 'enum':
      return z.enum(form.names, { error: `must be one of ${form.names.join(', ')}` });
    case 'enum-or-integer':
      return z.union([z.enum(form.names), z.number().int().min(0).max(form.maximum)], {
        error: `must be one of ${form.names.join(', ')}, or a whole number from 0 to ${form.maximum}`,
      });
    case 'flags':
      return z.array(text(form.what ?? A_FLAG, form.problem), { error: mustBe('a list') });
    case 'netmask':
      return z.union([z.string(), z.number().int().min(1).max(128)], {
        error: 'must be an IPv4 mask as a string, or an IPv6 prefix length from 1 to 128',
      });
    case 'counter':
      return counter;
    case 'unknown':
      return z.record(z.string().regex(/^[0-9]{1,5}$/), z.string().regex(/^([0-9a-f]{2})*$/), {
        error: 'must be an object of hexadecimal digits by attribute number',
      });
  }
}

function integer(minimum: number, maximum: number): z.ZodType {
  const error = `must be a whole number from ${minimum} to ${maximum}`;
  return z.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error });
}

function text(what: string, problemOf?: (text: string) => ValueProblem | undefined): z.ZodType {
  const schema = z.string({ error: `must be ${what}, as a string` });
  if (!problemOf) return schema;
  return schema.check(({ value, issues }) => {
    const problem = problemOf(value);
    if (problem) issues.push(issueOf(value, { path: [], ...problem }));
  });
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

function issueOf(
  input: unknown,
  { path, message, hint }: ValueProblem & { path: Path },
): z.core.$ZodRawIssue {
  return { code: 'custom', input, path: [...path], message, params: { hint } };
}

/** The message for a wrong type only: zod calls the same function for unknown fields. */
function mustBe(what: string): (issue: { code?: string }) => string | undefined {
  return ({ code }) => (code === 'invalid_type' ? `must be ${what}` : undefined);
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
  } else if (field.kind.form === 'flags') {
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
  return schemaOf(field.kind).safeParse(undefined).error?.issues[0]?.message ?? '';
}

const schemas = new WeakMap<Form, z.ZodType>();

function schemaOf(form: Form): z.ZodType {
  const schema = schemas.get(form) ?? valueSchema(form);
  schemas.set(form, schema);
  return schema;
}
