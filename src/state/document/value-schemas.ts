/** The zod schemas of the values of fields, by their forms; part of the bundle of schema.ts. */
import * as z from 'zod';
import { NO_UNIT } from './check-kinds';
import type { Form, ValueProblem } from './kinds';

type Path = readonly (string | number)[];

export const AN_EITHER = 'a name, an object, or a list of both';

/** What an item of a list of flags must be. */
export const A_FLAG = 'the name of a flag';

const counter = z
  .union([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().regex(/^[0-9]{16,20}$/)], {
    error: 'must be a whole number, or a decimal string from 2^53 on',
  })
  .meta({ id: 'counter', description: 'a 64-bit counter: a number up to 2^53-1, a decimal string beyond' });

/** Messages continue the name of the field: "must be ...". */
export function valueSchema(form: Form): z.ZodType {
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
    case 'duration':
      return text('a duration', form.problem, ({ input }) =>
        typeof input === 'number' ? NO_UNIT : 'must be a duration, as a string',
      );
    case 'text-or-number':
      return checked(
        z.union([z.string(), z.number().int().min(0)], {
          error: `must be ${form.what}, as a string or a whole number`,
        }),
        form.problem as (value: unknown) => ValueProblem | undefined,
      );
    case 'texts': {
      const one = text(form.what, form.problem);
      return z.union([one, z.array(one)], { error: `must be ${form.what}, as a string, or a list` });
    }
    case 'map': {
      const values = form.values === 'any' ? z.unknown() : z.string();
      return z.record(z.string(), values, { error: `must be ${form.what}` }).check(({ value, issues }) => {
        for (const [name, inner] of Object.entries(value)) {
          const problem = form.problem(name, inner);
          if (problem) issues.push(issueOf(value, { path: [name], ...problem }));
        }
      });
    }
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

export function text(
  what: string,
  problemOf?: (text: string) => ValueProblem | undefined,
  error: (issue: { input?: unknown }) => string = () => `must be ${what}, as a string`,
): z.ZodType {
  const schema = z.string({ error });
  return problemOf ? checked(schema, problemOf as (value: unknown) => ValueProblem | undefined) : schema;
}

function checked(schema: z.ZodType, problemOf: (value: unknown) => ValueProblem | undefined): z.ZodType {
  return schema.check(({ value, issues }) => {
    const problem = problemOf(value);
    if (problem) issues.push(issueOf(value, { path: [], ...problem }));
  });
}

export function issueOf(
  input: unknown,
  { path, message, hint }: ValueProblem & { path: Path },
): z.core.$ZodRawIssue {
  return { code: 'custom', input, path: [...path], message, params: { hint } };
}

/** The message for a wrong type only: zod calls the same function for unknown fields. */
export function mustBe(what: string): (issue: { code?: string }) => string | undefined {
  return ({ code }) => (code === 'invalid_type' ? `must be ${what}` : undefined);
}
