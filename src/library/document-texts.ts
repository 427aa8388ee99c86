/** Texts of state documents and plans, of which programs that only use the client need nothing. */
import { placed, readDocument } from '../state/document/read';
import { writeState } from '../state/document/write';
import type { Planned } from '../state/plan/apply';
import { patchLines } from '../state/plan/patch';
import { formatProblems, isError, placedProblem, type Source } from '../state/source/diagnostics';
import { linesOf } from '../state/source/lines';
import type { Parsed } from '../state/source/tree';
import { checkState } from '../state/table/check';
import type { ListedState } from '../state/table/listed-state';
import type { TableState } from '../state/table/table-state';
import type { DocumentProblem, ReadDocument } from './documents';
import { shown } from './settings';

/** @returns with a message if the document cannot be used. */
export function read(text: string, name: string): ReadDocument & { readonly message?: string } {
  if (typeof text !== 'string') {
    throw new TypeError(`${shown(text)}: the text of a document must be a string`);
  }
  const source: Source = { name, text: text.replace(/^\ufeff/, '') };
  const { state, problems, places } = readDocument(parse(source));
  const found = [...problems, ...placed(checkState(state), places)];
  const lines = linesOf(source.text);
  const listed = found.map((problem): DocumentProblem => {
    const { file: _, also: _also, ...rest } = placedProblem(source, lines, problem);
    return rest;
  });
  if (!found.some(isError)) return { state, problems: listed };
  return { state, problems: listed, message: formatProblems(source, found).trimEnd() };
}

/** Each parser is loaded when it is needed. */
function parse({ name, text }: Source): Parsed {
  if (isJson(name, text)) {
    const { parseJson } =
      require('../state/source/parse-json') as typeof import('../state/source/parse-json');
    return parseJson(text);
  }
  const { parseYaml } = require('../state/source/parse-yaml') as typeof import('../state/source/parse-yaml');
  return parseYaml(text);
}

function isJson(name: string, text: string): boolean {
  if (/\.json$/i.test(name)) return true;
  return !/\.ya?ml$/i.test(name) && /^\s*[{[]/.test(text);
}

export function write(state: TableState): string {
  // Without counters a table that was read and one that was listed have the same fields.
  return [...writeState(state as ListedState, false)].join('');
}

export function planLines({ plan, before }: Planned): string[] {
  return [...patchLines(plan, before, '')]
    .filter(({ sign }) => sign !== 'head')
    .map(({ sign, text }) => `${sign}${text}`);
}
