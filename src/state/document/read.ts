import type { Request } from '../../command-line/request';
import { isError, type Problem, type Span } from '../source/diagnostics';
import { suggestName } from '../source/suggest';
import { type Parsed, type Path, plainValue, type SourceNode, spanAt } from '../source/tree';
import type { TableState } from '../table/table-state';
import { fieldNamesAt } from './field-names';
import { fromDocument } from './from-document';
import type { SchemaProblem } from './schema';
import type { StateDocument } from './types';

/** A state that was read, with the places of its parts in the source. */
export interface Reading {
  readonly state: TableState;
  readonly problems: readonly Problem[];
  /**
   * Returns the place of the part at `path`, which is a path in a state document for every format.
   */
  readonly locate: (path: Path) => Span | undefined;
  /** Of rules: the request of each line. */
  readonly requests?: readonly PlacedRequest[];
}

/** The request of a rule, and its place. */
export interface PlacedRequest {
  readonly request: Request;
  readonly span: Span;
}

/**
 * Returns the state that a parsed document describes. Errors of form are all reported at once; only
 * when there are none, the document is checked for errors of meaning. The schema is loaded here.
 */
export function readDocument({ root, problems }: Parsed): Reading {
  if (!root) return { state: {}, problems, locate: () => undefined };
  const locate = (path: Path) => spanAt(root, path);
  const { schemaProblems } = require('./schema') as typeof import('./schema');
  const value = plainValue(root);
  const ofForm = [...problems, ...schemaProblems(value).map((problem) => toProblem(problem, root))];
  if (ofForm.some(isError)) return { state: {}, problems: ofForm, locate };
  const { state, findings } = fromDocument(value as StateDocument);
  const ofMeaning = findings.map(({ path, ...finding }): Problem => ({ span: locate(path), ...finding }));
  return { state, problems: [...ofForm, ...ofMeaning], locate };
}

function toProblem({ path, kind, message, hint }: SchemaProblem, root: SourceNode): Problem {
  const name = path.at(-1);
  if (kind === 'unknown') {
    return {
      span: spanAt(root, path, 'name'),
      message: `unknown field '${name}'`,
      hint: suggestName(String(name), fieldNamesAt(path.slice(0, -1))),
      severity: 'error',
    };
  }
  return { span: spanAt(root, path), message: `${subjectOf(path, kind)}${message}`, hint, severity: 'error' };
}

/** The beginning of a message: the name of the field, or a description of an item of a list. */
function subjectOf(path: Path, kind: SchemaProblem['kind']): string {
  const name = path.at(-1);
  if (kind === 'malformed') return '';
  if (kind === 'missing') return `'${name}' is missing: it `;
  if (name === undefined) return 'the document ';
  return typeof name === 'string' ? `'${name}' ` : `this item of '${path.at(-2)}' `;
}
