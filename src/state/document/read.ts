import type { Request } from '../../command-line/request';
import { isError, type Problem, type Span } from '../source/diagnostics';
import { suggestName } from '../source/suggest';
import { type Parsed, type Path, plainValue, type SourceNode, spanAt } from '../source/tree';
import type { TableState } from '../table/table-state';
import { fromDocument } from './from-document';
import type { SchemaProblem } from './schema';
import type { StateDocument } from './types';

/** A state that was read, and where its parts stand. */
export interface Reading {
  readonly state: TableState;
  readonly problems: readonly Problem[];
  /** Where a part of the state stands in the source; `path` is that of a state document. */
  readonly locate: (path: Path) => Span | undefined;
  /** Of rules: what each line asks for. */
  readonly requests?: readonly PlacedRequest[];
}

/** What a rule asks for, and where it stands. */
export interface PlacedRequest {
  readonly request: Request;
  readonly span: Span;
}

/** The state that a parsed document describes. The schema is loaded here. */
export function readDocument({ root, problems }: Parsed): Reading {
  if (!root) return { state: {}, problems, locate: () => undefined };
  const locate = (path: Path) => spanAt(root, path);
  const { fieldsAt, schemaProblems } = require('./schema') as typeof import('./schema');
  const value = plainValue(root);
  const misfits = schemaProblems(value);
  const shape = misfits.map((problem) => toProblem(problem, root, fieldsAt));
  for (const { path } of misfits) takeOut(value, path);
  // What now lacks a field that it must have is taken out as a whole.
  for (const { path, kind } of schemaProblems(value)) if (kind === 'missing') takeOut(value, itemOf(path));
  const { state, findings } = fromDocument(value as StateDocument);
  // What a thing lacks may be what was taken out of it.
  const incomplete = (path: Path) =>
    misfits.some((misfit) => path.every((step, index) => misfit.path[index] === step));
  const found = findings
    .filter(({ path }) => !incomplete(path))
    .map(({ path, ...finding }) => ({ span: locate(path), ...finding }));
  // Of a document that does not fit, the rest is only looked at for what else is wrong.
  const fits = shape.length === 0 && !problems.some(isError);
  return { state: fits ? state : {}, problems: [...problems, ...shape, ...found], locate };
}

/** The innermost item of a list that `path` leads into; where there is none, the field of the document. */
function itemOf(path: Path): Path {
  const index = path.findLastIndex((step) => typeof step === 'number');
  return path.slice(0, Math.max(index + 1, 1));
}

/** Takes the part at `path` out of a value; for an item of a list, null stays. */
function takeOut(value: unknown, path: Path): void {
  let inner = value;
  for (const step of path.slice(0, -1)) inner = (inner as Record<string, unknown> | undefined)?.[step];
  const last = path.at(-1);
  if (typeof inner !== 'object' || inner === null || last === undefined) return;
  if (Array.isArray(inner)) inner[Number(last)] = null;
  else delete (inner as Record<string, unknown>)[last];
}

function toProblem(
  { path, kind, message }: SchemaProblem,
  root: SourceNode,
  fieldsAt: (path: Path) => string[],
): Problem {
  const name = path.at(-1);
  if (kind === 'unknown') {
    const known = fieldsAt(path.slice(0, -1));
    return {
      span: spanAt(root, path, 'name'),
      message: `there is no field '${name}' here`,
      hint: suggestName(String(name), known),
      severity: 'error',
    };
  }
  const subject = kind === 'missing' ? `'${name}' is missing: it` : subjectOf(path);
  return { span: spanAt(root, path), message: `${subject} ${message}`, severity: 'error' };
}

/** What a message about the part at `path` begins with: the field's name, or what a list's item is. */
function subjectOf(path: Path): string {
  const name = path.at(-1);
  if (name === undefined) return 'the document';
  return typeof name === 'string' ? `'${name}'` : `this item of '${path.at(-2)}'`;
}
