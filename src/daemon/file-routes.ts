/** The document of a page without the daemon: a file, which is replaced and applied as a whole. */
import * as z from 'zod';
import type { DocumentNow } from '../web/contract';
import { type PreviewWorld, parsedText, previewOf } from '../web/preview';
import { previewRoute, schemaRoute } from './document-routes';
import { outcomeAnswer, problem, type Route, route } from './route';

/** The file of a document. */
export interface DocumentFile extends PreviewWorld {
  readonly name: string;
  /** What is in it, and how often it was another one. @throws Error in words. */
  read(): { readonly text: string; readonly generation: number };
  /** Writes another one, and applies it. @throws Error in words: then the former one is back. */
  replace(text: string): Promise<string>;
}

export interface FileContext {
  readonly file: DocumentFile;
}

export const fileRoutes: readonly Route<unknown, FileContext>[] = [
  schemaRoute,
  route({
    method: 'GET',
    path: /^\/v1\/document$/,
    what: ['/v1/document', 'the document of the file, and as its ETag how often it was another one'],
    role: 'edit',
    answer({ file }: FileContext) {
      const { text, generation } = file.read();
      const { name } = file;
      const json: DocumentNow = {
        ...{ generation, name, text },
        document: parsedText(text, name) ?? null,
        confirmUntil: null,
      };
      return { json, tag: generation };
    },
  }),
  // Whatever the page calls it: what it includes lies beside the file.
  previewRoute(({ file }: FileContext) => ({ ...file, inspect: (text) => file.inspect(text, file.name) })),
  route({
    method: 'POST',
    path: /^\/v1\/reload$/,
    what: ['/v1/reload', 'replaces the file, and applies it to the table'],
    role: 'edit',
    large: true,
    body: z.strictObject({ text: z.string(), name: z.string().max(4096).optional() }),
    action: () => 'apply',
    async answer({ file }: FileContext, { body: { text } }) {
      const { problems } = await previewOf({ text, name: file.name }, file);
      const [first] = problems;
      if (first) return problem('invalid', `line ${first.line ?? '-'}: ${first.message}`);
      try {
        return outcomeAnswer({ ok: true, text: await file.replace(text) });
      } catch (error) {
        return problem('refused', (error as Error).message);
      }
    },
  }),
];
