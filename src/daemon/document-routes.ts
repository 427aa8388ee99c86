/** Requests about documents: the one in use, earlier ones, and one that somebody writes. */
import * as z from 'zod';
import { unicodeFromBytes } from '../bytes/unicode';
import { configurationProblems } from '../director/roster';
import type { Configuration } from '../model/director';
import type { ReadState } from '../state/files/read';
import { planChanges } from '../state/plan/diff';
import { patchLines } from '../state/plan/patch';
import { isError, type PlacedProblem, placedProblems } from '../state/source/diagnostics';
import type { WholeState } from '../state/table/table-state';
import type { DocumentNow, DocumentProblem, GenerationText, Preview } from '../web/contract';
import { type ApiContext, problem, type Route, route } from './route';

const name = z.string().min(1).max(4096);
const step = z.union([z.string().max(300), z.number().int().min(0)]);
const edit = z.strictObject({ path: z.array(step).max(32), value: z.unknown().optional() });
/** Lines of a preview; more than that nobody reads. */
const MAX_LINES = 2000;
const MAX_PROBLEMS = 200;

export const documentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: /^\/v1\/document$/,
    what: ['/v1/document', 'the document in use, and as its ETag the generation'],
    role: 'edit',
    answer({ director }) {
      const current = director.current();
      if (!current) return problem('unknown', 'there is no document yet');
      const document = director.document(current.number);
      if ('problem' in document) return problem('unknown', document.problem);
      const json: DocumentNow = {
        generation: current.number,
        ...named(document),
        document: parsed(document.text, document.name),
        confirmUntil: current.confirmUntil ?? null,
      };
      return { json, tag: director.status().generation.wanted };
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/generations\/(\d{1,15})$/,
    what: ['/v1/generations/N', 'a document that was accepted'],
    role: 'edit',
    answer({ director }, { parameters: [text] }) {
      const number = Number(text);
      const generation = director.generations().find((one) => one.number === number);
      const document = director.document(number);
      if ('problem' in document || !generation)
        return problem('unknown', 'problem' in document ? document.problem : `${number}: it is not kept`);
      const json: GenerationText = { ...generation, ...named(document) };
      return { json };
    },
  }),
  route({
    method: 'GET',
    path: /^\/v1\/schema$/,
    what: ['/v1/schema', 'the JSON Schema of documents'],
    role: 'view',
    answer() {
      const { jsonSchemas } =
        require('../state/document/schema') as typeof import('../state/document/schema');
      return { json: jsonSchemas()['state-2'] };
    },
  }),
  route({
    method: 'POST',
    path: /^\/v1\/preview$/,
    what: ['/v1/preview', 'reads a document after edits: what is wrong with it, what it would change'],
    role: 'edit',
    large: true,
    body: z.strictObject({ text: z.string(), name, edits: z.array(edit).max(1000).optional() }),
    answer: (context, { body }) => preview(context, body),
  }),
];

async function preview(
  context: ApiContext,
  given: {
    readonly text: string;
    readonly name: string;
    readonly edits?: readonly z.infer<typeof edit>[] | undefined;
  },
) {
  let { text } = given;
  try {
    const { editText } = editing();
    const format = formatOf(given.name, text);
    if (given.edits && given.edits.length > 0) {
      if (!format) return problem('invalid', 'only documents in JSON and YAML can be edited by a form');
      text = editText(text, format, given.edits);
    }
  } catch (error) {
    return problem('invalid', (error as Error).message);
  }
  const read = await context.inspect({ text, name: given.name });
  const [errors, others] = [true, false].map((wanted) =>
    placedProblems(
      read.source,
      read.problems.filter((one) => isError(one) === wanted).slice(0, MAX_PROBLEMS),
    ).map(shown),
  );
  const json: Preview = {
    text,
    document: parsed(text, given.name) ?? null,
    problems: [...errors!, ...unfit(read)],
    notes: others!,
    changes: read.good ? changes(context.director.configuration(), read, given.name) : [],
  };
  return { json };
}

/** What the document would change of the table that the one in use asks for. */
function changes(now: Configuration, { state }: ReadState, file: string): Preview['changes'] {
  const before = tableOf(now);
  const lines: { sign: '+' | '-'; text: string }[] = [];
  for (const { sign, text } of patchLines(planChanges(before, state), before, file)) {
    if (sign !== '+' && sign !== '-') continue;
    lines.push({ sign, text: unicodeFromBytes(text) });
    if (lines.length === MAX_LINES) break;
  }
  return lines;
}

function tableOf({ services, timeouts, daemons }: Configuration): WholeState {
  return {
    services: services.map(({ service, servers }) => ({
      service,
      servers: servers.map(({ server }) => server),
    })),
    ...(timeouts ? { timeouts } : {}),
    ...(daemons ? { daemons } : {}),
  } as WholeState;
}

/** What the daemon could not do with a document that is well in itself. */
function unfit({ good, configuration }: ReadState): DocumentProblem[] {
  const message = good && configuration ? configurationProblems(configuration) : '';
  return message === '' ? [] : [{ line: null, column: null, message, hint: null }];
}

function shown({ line, column, message, hint }: PlacedProblem): DocumentProblem {
  return { line: line ?? null, column: column ?? null, message, hint: hint ?? null };
}

function named({ text, name: file }: { readonly text: string; readonly name: string }) {
  return { name: file, text };
}

function parsed(text: string, file: string): unknown {
  const format = formatOf(file, text);
  return format && editing().valueOfText(text, format);
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
