/** Documents that are given to the daemon: for this director, or for all of them. */
import type { Director, Outcome } from '../director/types';
import { type ApiContext, problemOutcome } from './route';

type Options = Omit<Parameters<Director['reload']>[1], 'name' | 'shared'>;

/** Takes the daemon's own file again. */
export async function reloadFile(context: ApiContext, options: Options): Promise<Outcome> {
  const { generation } = context.documents;
  if (generation !== undefined) {
    const why = `generation ${generation}, which all directors have, is in use and not the file`;
    return problemOutcome('conflict', `${why}: 'ipvsadm apply FILE' puts another one into etcd`);
  }
  const document = await context.readFile();
  if ('problem' in document) return problemOutcome('invalid', document.problem);
  await context.prepare(document);
  return await context.director.reload(document.text, { ...options, name: document.name });
}

/** Takes a document: where directors have one in common, for all of them. */
export async function reloadText(
  context: ApiContext,
  document: { readonly text: string; readonly name: string },
  { author, ...options }: Options,
): Promise<Outcome> {
  const { director, documents } = context;
  if (!documents.active) {
    await context.prepare(document);
    return await director.reload(document.text, { author, ...options, name: document.name });
  }
  if (options.confirm === undefined && !options.takeOver) return await documents.put({ ...document, author });
  const what = options.confirm === undefined ? '--take-over' : '--confirm';
  const right =
    "leave it out; 'director rollback' puts the former document back, 'director adopt' takes services over";
  return problemOutcome('conflict', `${what}: the document is for all directors: ${right}`);
}

/** Goes back to an earlier document: where directors have one in common, all of them do. */
export async function rollBack(
  context: ApiContext,
  generation: number | undefined,
  author: string,
): Promise<Outcome> {
  const { director, documents } = context;
  if (!documents.active || documents.generation === undefined)
    return await director.rollback(generation, author);
  const document = director.document(generation);
  return 'problem' in document ? document : await documents.put({ ...document, author });
}
