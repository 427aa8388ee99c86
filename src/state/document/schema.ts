/**
 * The zod schemas of state documents and of connections, made from the tables of fields. A separate
 * bundle, loaded when a document is read.
 */
import * as z from 'zod';
import { connectionType } from './connection-fields';
import type { Field, ObjectType } from './field';
import type { Form, ValueProblem } from './kinds';
import { stateType } from './state-fields';

type Path = readonly (string | number)[];

/** Schemas of objects by id: zod does not allow two schemas with the same id. */
const definitions = new Map<string, z.ZodType>();

const counter = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^[0-9]{16,20}$/)], {
    error: 'must be a whole number, or a decimal string from 2^53 on',
  })
  .meta({ id: 'counter', description: 'a 64-bit counter: a number up to 2^53-1, a decimal string beyond' });

/** A state document. */
const stateSchema = objectSchema(stateType);

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
      return z.array(text('the name of a flag', form.problem), { error: mustBe('a list') });
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
export function jsonSchemas(): Record<'state' | 'connection', object> {
  return { state: z.toJSONSchema(stateSchema), connection: z.toJSONSchema(connectionSchema) };
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

/** Returns all errors of form in a state document. */
export function schemaProblems(value: unknown): SchemaProblem[] {
  const { error } = stateSchema.safeParse(value, { reportInput: true });
  return (error?.issues ?? []).flatMap((issue): SchemaProblem[] => {
    const path = issue.path as (string | number)[];
    const { message } = issue;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], kind: 'unknown', message: '' }));
    }
    if (issue.code === 'custom') {
      const hint = issue.params?.hint as string | undefined;
      return [{ path, kind: 'malformed', message, ...(hint === undefined ? {} : { hint }) }];
    }
    const missing = issue.input === undefined && path.length > 0;
    return [{ path, kind: missing ? 'missing' : 'wrong', message }];
  });
}
