import type { Request } from '../../command-line/request';
import type { Configuration } from '../../model/director';
import { isError, type Problem, type Span } from '../source/diagnostics';
import type { Finding } from '../source/finding';
import { MAX_PROBLEMS, ProblemList } from '../source/problem-list';
import { suggestName } from '../source/suggest';
import { documentOf, type Parsed, type Path, type SourceDocument } from '../source/tree';
import { MAX_ENTRIES, type TableState, TOO_MANY_ENTRIES } from '../table/table-state';
import type { DirectorPart } from './director-fields';
import { fieldNamesAt } from './field-names';
import { fits } from './fits';
import { fromDocument } from './from-document';
import type { SchemaProblem } from './schema';
import { typeOfDocument } from './state-fields';
import { DIRECTOR_VERSION, type DirectorStateDocument, type StateDocument } from './types';

/** A state that was read, with the places of its parts in the source. */
export interface Reading {
  readonly state: TableState;
  readonly problems: readonly Problem[];
  /**
   * Returns the places of the parts at `paths`, which are paths in a state document for every
   * format. Many cost as much as one.
   */
  readonly places: (paths: readonly Path[]) => readonly (Span | undefined)[];
  /** What director up makes beside the table; of a document of version 2. */
  readonly director?: DirectorPart | undefined;
  /** What director run does with the table; of a document of version 2. */
  readonly configuration?: Configuration | undefined;
  /** Of rules: the request of each line. */
  readonly requests?: readonly PlacedRequest[];
}

/** What a document of version 2 has beside its table. */
export interface DirectorReading {
  readonly director: DirectorPart | undefined;
  readonly configuration: Configuration;
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
export function readDocument(parsed: Parsed): Reading {
  const { problems } = parsed;
  const document = parsed.document ?? (parsed.root && documentOf(parsed.root));
  if (!document) return { state: {}, problems, places: () => [] };
  const places = (paths: readonly Path[]) =>
    document.places(paths.map((path) => ({ path, part: 'value' as const })));
  const ofForm = [...problems, ...problemsOfForm(document)];
  if (ofForm.some(isError)) return { state: {}, problems: ofForm, places };
  const excess = excessIn(document.value as StateDocument);
  if (excess) {
    const found: Finding = { path: excess, message: TOO_MANY_ENTRIES, severity: 'error' };
    return { state: {}, problems: [...ofForm, ...placed([found], places)], places };
  }
  const { findings, ...parts } = fromDocument(document.value as StateDocument | DirectorStateDocument);
  return { ...parts, problems: [...ofForm, ...placed(findings, places)], places };
}

/**
 * Returns the path of the service or real server that is one too many. They are counted before the
 * state is made, which has more than the document when parts of that are shared.
 */
function excessIn({ services = [] }: StateDocument): Path | undefined {
  let left = MAX_ENTRIES;
  for (const [index, { servers = [] }] of services.entries()) {
    const path = ['services', index];
    if (left < 1) return path;
    left -= 1;
    if (servers.length > left) return [...path, 'servers', left];
    left -= servers.length;
  }
  return undefined;
}

/** Returns the problems that findings are, each with its place. */
export function placed(findings: readonly Finding[], places: Reading['places']): Problem[] {
  if (findings.length === 0) return [];
  const spans = places(findings.map(({ path }) => path));
  return findings.map(({ path, ...finding }, index): Problem => ({ span: spans[index], ...finding }));
}

function problemsOfForm(document: SourceDocument): readonly Problem[] {
  if (fits(typeOfDocument(document.value), document.value)) return [];
  const { schemaProblems } = require('./schema') as typeof import('./schema');
  const found = schemaProblems(document.value, MAX_PROBLEMS + 1);
  const spans = document.places(
    found.map(({ path, kind }) => ({ path, part: kind === 'unknown' ? 'name' : 'value' })),
  );
  const list = new ProblemList<Problem>();
  for (const [index, problem] of found.entries()) list.add(toProblem(problem, spans[index]));
  return list.problems;
}

function toProblem({ path, kind, message, hint }: SchemaProblem, span: Span | undefined): Problem {
  if (kind !== 'unknown') {
    return { span, message: `${subjectOf(path, kind)}${message}`, hint, severity: 'error' };
  }
  const name = String(path.at(-1));
  const known = fieldNamesAt(path.slice(0, -1));
  // The names are those of version 2, so it is one of version 1 that does not have this one.
  if (known.includes(name)) {
    const message = `'${name}' needs version ${DIRECTOR_VERSION}`;
    return { span, message, hint: `write ${DIRECTOR_VERSION} as the version`, severity: 'error' };
  }
  return {
    span,
    message: `unknown field '${name}'`,
    hint: suggestName(name, known),
    severity: 'error',
  };
}

/** The beginning of a message: the name of the field, or a description of an item of a list. */
function subjectOf(path: Path, kind: SchemaProblem['kind']): string {
  const name = path.at(-1);
  if (kind === 'malformed') return '';
  if (kind === 'missing') return `'${name}' is missing: it `;
  if (name === undefined) return 'the document ';
  return typeof name === 'string' ? `'${name}' ` : `this item of '${path.at(-2)}' `;
}
