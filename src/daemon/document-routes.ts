/** Requests about documents: the one in use, earlier ones, and one that somebody writes. */
import * as z from 'zod';
import { configurationProblems } from '../director/roster';
import type { Configuration } from '../model/director';
import type { WholeState } from '../state/table/table-state';
import type { DocumentNow, GenerationText } from '../web/contract';
import { type PreviewWorld, parsedText, previewOf } from '../web/preview';
import { type ApiContext, problem, type Route, route } from './route';

const name = z.string().min(1).max(4096);
const step = z.union([z.string().max(300), z.number().int().min(0)]);
const edit = z.strictObject({ path: z.array(step).max(32), value: z.unknown().optional() });

export const schemaRoute: Route<unknown, unknown> = route({
  method: 'GET',
  path: /^\/v1\/schema$/,
  what: ['/v1/schema', 'the JSON Schema of documents'],
  role: 'view',
  answer() {
    const { jsonSchemas } = require('../state/document/schema') as typeof import('../state/document/schema');
    return { json: jsonSchemas()['state-2'] };
  },
});

/** A text that somebody writes, and what the form does with it. */
const documentBody = z.strictObject({
  text: z.string(),
  name,
  edits: z.array(edit).max(1000).optional(),
});

/** @param worldOf what is asked about a document. */
export function previewRoute<C>(worldOf: (context: C) => PreviewWorld): Route<unknown, C> {
  return route({
    method: 'POST',
    path: /^\/v1\/preview$/,
    what: ['/v1/preview', 'reads a document after edits: what is wrong with it, what it would change'],
    role: 'edit',
    large: true,
    body: documentBody,
    async answer(context: C, { body }) {
      try {
        return { json: await previewOf(body, worldOf(context)) };
      } catch (error) {
        return problem('invalid', (error as Error).message);
      }
    },
  });
}

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
        document: parsedText(document.text, document.name) ?? null,
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
  schemaRoute,
  previewRoute(({ director, inspect }: ApiContext) => ({
    inspect: (text, file) => inspect({ text, name: file }),
    before: () => tableOf(director.configuration()),
    unfit: ({ configuration }) => (configuration ? configurationProblems(configuration) : ''),
  })),
];

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

function named({ text, name: file }: { readonly text: string; readonly name: string }) {
  return { name: file, text };
}
