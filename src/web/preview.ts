/** A document that somebody writes in the page: what is wrong with it, and what it would change. */
import { unicodeFromBytes } from '../bytes/unicode';
import type { ReadState } from '../state/files/read';
import { planChanges } from '../state/plan/diff';
import { patchLines } from '../state/plan/patch';
import { isError, type PlacedProblem, placedProblems } from '../state/source/diagnostics';
import type { WholeState } from '../state/table/table-state';
import type { DocumentProblem, Preview, PreviewRequest } from './contract';

/** Lines of a preview; more than that nobody reads. */
const MAX_LINES = 2000;
const MAX_PROBLEMS = 200;

export interface PreviewWorld {
  /** Reads a document, and keeps nothing of it. */
  inspect(text: string, name: string): Promise<ReadState>;
  /** The table that the document would change. */
  before(): WholeState;
  /** Why a document that is well in itself cannot be used; '': it can. */
  unfit(read: ReadState): string;
}

/** Reads a text after edits. @throws Error in words: edits that are not possible. */
export async function previewOf(given: PreviewRequest, world: PreviewWorld): Promise<Preview> {
  const { name, edits = [] } = given;
  const format = formatOf(name, given.text);
  if (edits.length > 0 && !format) throw new Error('only documents in JSON and YAML can be edited by a form');
  const text = format && edits.length > 0 ? editing().editText(given.text, format, edits) : given.text;
  const read = await world.inspect(text, name);
  const [errors, others] = [true, false].map((wanted) =>
    placedProblems(
      read.source,
      read.problems.filter((one) => isError(one) === wanted).slice(0, MAX_PROBLEMS),
    ).map(shown),
  );
  const unfit = read.good ? world.unfit(read) : '';
  const whole = unfit === '' ? [] : [{ line: null, column: null, message: unfit, hint: null }];
  return {
    text,
    document: parsedText(text, name) ?? null,
    problems: [...errors!, ...whole],
    notes: others!,
    changes: read.good ? changes(world.before(), read, name) : [],
  };
}

/** What is in a document of JSON or YAML; undefined: it is neither. */
export function parsedText(text: string, name: string): unknown {
  const format = formatOf(name, text);
  return format && editing().valueOfText(text, format);
}

function changes(before: WholeState, { state }: ReadState, file: string): Preview['changes'] {
  const lines: { sign: '+' | '-'; text: string }[] = [];
  for (const { sign, text } of patchLines(planChanges(before, state), before, file)) {
    if (sign !== '+' && sign !== '-') continue;
    lines.push({ sign, text: unicodeFromBytes(text) });
    if (lines.length === MAX_LINES) break;
  }
  return lines;
}

function shown({ line, column, message, hint }: PlacedProblem): DocumentProblem {
  return { line: line ?? null, column: column ?? null, message, hint: hint ?? null };
}

/** Undefined for what has no form. */
function formatOf(file: string, text: string): 'json' | 'yaml' | undefined {
  if (/\.json$/i.test(file)) return 'json';
  if (/\.ya?ml$/i.test(file)) return 'yaml';
  if (/^\s*\{/.test(text)) return 'json';
  return /^format: /m.test(text) ? 'yaml' : undefined;
}

function editing(): typeof import('../state/files/edit-text') {
  return require('../state/files/edit-text') as typeof import('../state/files/edit-text');
}
