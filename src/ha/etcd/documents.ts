/**
 * The document of all directors under one key. Its generation only grows: what is smaller than the one
 * applied comes from a store that was put back, and is refused.
 */
import type { HaOutcome } from '../types';
import { type Keys, keysOf, readDirector, readDocument, type StoredDocument } from './records';
import type { Answer, Entry, EtcdStore } from './store';

/** Milliseconds between reads, beside the watch. */
const AGAIN = 10_000;
/** Milliseconds after a read that failed. */
const RETRY = 2000;
/** etcd refuses requests of more than 1.5 MiB. */
export const MAX_DOCUMENT = 1_000_000;

export interface DocumentSettings {
  readonly cluster: string;
  /** In hexadecimal digits, of a text in UTF-8. */
  sha256(text: string): string;
}

export interface NewDocument {
  readonly text: string;
  readonly author: string;
  /** The generation that the author has seen; absent: whichever is there. */
  readonly base?: number | undefined;
  /** Its generation is above this one, too. */
  readonly above?: number | undefined;
}

export type Put = (HaOutcome & { readonly ok: false }) | { readonly ok: true; readonly generation: number };

/**
 * Writes a document for all directors, unless somebody else has just done so. Its generation is above
 * that of the store, and above what any director has applied.
 */
export async function putDocument(
  store: EtcdStore,
  settings: DocumentSettings,
  { text, author, base, above = 0 }: NewDocument,
): Promise<Put> {
  if (text.length > MAX_DOCUMENT) {
    return {
      ok: false,
      problem: `document: ${text.length} characters: at most ${MAX_DOCUMENT} go into etcd`,
    };
  }
  const keys = keysOf(settings.cluster);
  const read = await readAll(store, keys);
  if (!read.ok) return read;
  const { document, modified, applied } = read;
  const there = document?.generation ?? 0;
  if (base !== undefined && base !== there) {
    const who = document ? `, by ${document.author}` : '';
    return {
      ok: false,
      problem: `document: generation ${there} is in etcd${who}, not ${base}: look at it first`,
    };
  }
  const generation = Math.max(there, above, ...applied) + 1;
  const value = JSON.stringify({ generation, text, author, sha256: settings.sha256(text) });
  const written = await store.transact({
    conditions: [{ key: keys.document, modified }],
    operations: [{ kind: 'put', key: keys.document, value }],
  });
  if (!written.ok) return await afterwards(store, keys, value, generation, written.problem);
  if (written.value.done) return { ok: true, generation };
  return {
    ok: false,
    problem: 'document: somebody else wrote one at the same time: look at it, and try again',
  };
}

/** The answer was lost: was it written? */
async function afterwards(
  store: EtcdStore,
  keys: Keys,
  value: string,
  generation: number,
  problem: string,
): Promise<Put> {
  const read = await store.transact({ conditions: [], operations: [{ kind: 'read', key: keys.document }] });
  const there = read.ok && read.value.found[0]?.[0]?.value === value;
  return there
    ? { ok: true, generation }
    : { ok: false, problem: `document: etcd did not take it: ${problem}` };
}

type All =
  | (HaOutcome & { readonly ok: false })
  | {
      readonly ok: true;
      readonly document: StoredDocument | undefined;
      readonly modified: bigint;
      readonly applied: readonly number[];
    };

async function readAll(store: EtcdStore, keys: Keys): Promise<All> {
  const answer = await store.transact({
    conditions: [],
    operations: [
      { kind: 'read', key: keys.document },
      { kind: 'list', prefix: keys.directors, most: 64 },
    ],
  });
  if (!answer.ok) return { ok: false, problem: `document: etcd does not answer: ${answer.problem}` };
  const [documents = [], directors = []] = answer.value.found;
  const [entry] = documents;
  return {
    ok: true,
    document: entry && readDocument(entry.value),
    modified: entry?.modified ?? 0n,
    applied: directors.map(({ value }) => readDirector(value)?.generation ?? 0),
  };
}

export interface DocumentListener {
  /** What this director has applied. */
  applied(): { readonly generation: number; readonly sha256: string } | undefined;
  /** A newer document. The next one comes when this has ended. Never rejects. */
  take(document: StoredDocument): Promise<void>;
  /** @param text undefined: it is over. */
  alarm(name: string, text: string | undefined): void;
}

interface DocumentWorld {
  after(milliseconds: number, then: () => void): () => void;
}

/**
 * Tells of each newer document, until it is ended. A document is read when the watch says so, and
 * every ten seconds whatever the watch says.
 */
export function watchDocument(
  store: EtcdStore,
  settings: DocumentSettings,
  world: DocumentWorld,
  listener: DocumentListener,
): () => void {
  const keys = keysOf(settings.cluster);
  let ended = false;
  let reading = false;
  let again = false;
  let failures = 0;
  let cancel = () => {};
  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    cancel();
    let pause = AGAIN;
    do {
      again = false;
      const answer = await store.transact({
        conditions: [],
        operations: [{ kind: 'read', key: keys.document }],
      });
      if (ended) return;
      failures = answer.ok ? 0 : failures + 1;
      // One request may get lost.
      if (failures !== 1) listener.alarm('document-store', awayText(answer));
      if (answer.ok) await heed(answer.value.found[0]?.[0], settings, listener);
      pause = answer.ok ? AGAIN : RETRY;
    } while (again && !ended);
    reading = false;
    if (!ended) cancel = world.after(pause, () => void read());
  };
  const unwatch = store.watch(keys.document, () => void read());
  void read();
  return () => {
    ended = true;
    unwatch();
    cancel();
  };
}

function awayText(answer: Answer<unknown>): string | undefined {
  return answer.ok ? undefined : `the document cannot be read, the last one stays: ${answer.problem}`;
}

async function heed(
  entry: Entry | undefined,
  settings: DocumentSettings,
  listener: DocumentListener,
): Promise<void> {
  const document = entry && readDocument(entry.value);
  const problem = problemOf(entry !== undefined, document, settings, listener.applied());
  listener.alarm('document', problem);
  if (problem === undefined && document && document.generation > (listener.applied()?.generation ?? 0)) {
    await listener.take(document);
  }
}

function problemOf(
  there: boolean,
  document: StoredDocument | undefined,
  { sha256 }: DocumentSettings,
  applied: { readonly generation: number; readonly sha256: string } | undefined,
): string | undefined {
  if (!there) {
    return applied && applied.generation > 0
      ? `etcd has no document, and generation ${applied.generation} is applied: put it there again`
      : undefined;
  }
  if (!document) return 'what etcd has under the key of the document is none: put it there again';
  const { generation, text } = document;
  if (sha256(text) !== document.sha256) {
    return `generation ${generation} in etcd is damaged: its digest is another: put it there again`;
  }
  if (!applied || generation > applied.generation) return undefined;
  if (generation < applied.generation) {
    return `generation ${generation} in etcd is older than ${applied.generation}, which is applied: it is refused`;
  }
  return document.sha256 === applied.sha256
    ? undefined
    : `generation ${generation} in etcd is another than the one that is applied: it is refused`;
}
