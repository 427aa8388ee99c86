/** A health check as an object of a document: which fields belong to which type of check. */
import type { CheckType } from '../../model/check';
import { type CheckField, checkFields, checkTypes, secure, tlsFields } from './check-fields';
import type { ObjectProblem, ObjectType } from './field';

export const checkType = {
  id: 'check',
  summary: 'a health check',
  fields: checkFields,
  problems: checkProblems,
} as const satisfies ObjectType;

/** Whether a field belongs to a type of check. */
export function isFieldOf(field: CheckField, type: string): boolean {
  return !field.types || (field.types as readonly string[]).includes(type);
}

/** Fields that are missing, or do not belong to the type; and fields that contradict each other. */
function checkProblems(document: object): readonly ObjectProblem[] {
  const check = document as Readonly<Record<string, unknown>>;
  const own = (name: string) => (Object.hasOwn(check, name) ? check[name] : undefined);
  const type = own('type');
  if (!(checkTypes as readonly unknown[]).includes(type)) return [];
  const problems: ObjectProblem[] = [];
  for (const field of checkFields as readonly CheckField[]) {
    const { name, types, requiredBy } = field;
    const there = own(name) !== undefined;
    if (there && !isFieldOf(field, type as string)) {
      problems.push({
        path: [name],
        message: `'${name}' does not belong to a check of type ${type}`,
        hint: `it is a field of ${types!.join(', ')}`,
      });
    } else if (!there && (requiredBy as readonly unknown[] | undefined)?.includes(type)) {
      problems.push({ path: [], message: `'${name}' is missing: ${field.summary}` });
    }
  }
  return [...problems, ...contradictions(type as CheckType, own)];
}

function contradictions(type: CheckType, own: (name: string) => unknown): ObjectProblem[] {
  const problems: ObjectProblem[] = [];
  const needs = (name: string, other: string) => {
    if (own(name) !== undefined && own(other) === undefined)
      problems.push({ path: [name], message: `'${name}' needs '${other}'` });
  };
  if (type === 'script') {
    const words = own('command');
    const [program] = Array.isArray(words) ? words : [words];
    if (typeof words === 'string' && /\s/.test(words)) {
      const hint = 'write a list: [/path/to/program, argument]';
      problems.push({ path: ['command'], message: 'a command with arguments is a list', hint });
    } else if (words !== undefined && !(typeof program === 'string' && program.startsWith('/'))) {
      problems.push({ path: ['command'], message: 'the program must be an absolute path' });
    }
  }
  if ((secure as readonly string[]).includes(type)) {
    needs('key', 'certificate');
    needs('certificate', 'key');
  }
  if (type === 'grpc' && own('tls') !== true) {
    for (const { name } of tlsFields) {
      if (name !== 'tls' && own(name) !== undefined)
        problems.push({ path: [name], message: `'${name}' needs 'tls: true'` });
    }
  }
  if (own('via') === 'path' && own('address') !== undefined) {
    const hint = 'leave out one of the two';
    problems.push({ path: ['address'], message: "'address' is not allowed with 'via: path'", hint });
  }
  return problems;
}
