/**
 * The document of all directors, which etcd has under a key: one director puts it there, each applies
 * it and says so. Without etcd the last one stays in use.
 */
import { clusterOf } from '../director/choose-document';
import type { Director, Outcome, Problem } from '../director/types';
import type { World } from '../director/world';
import { putDocument, watchDocument } from '../ha/etcd/documents';
import type { Facts } from '../ha/etcd/publishing';
import { type DirectorRecord, keysOf, type StoredDocument } from '../ha/etcd/records';
import type { EtcdStore } from '../ha/etcd/store';
import { reasonOf } from '../setup/reason';

/** The directors of one set of VIPs, as etcd knows them. */
export interface Cluster {
  readonly name: string;
  readonly store: EtcdStore;
  /** What those say about themselves that are there. */
  directors(): readonly DirectorRecord[];
  publish(facts: Facts): void;
}

export interface SharedDocumentParts {
  readonly world: Pick<World, 'now' | 'after' | 'sha256'>;
  /** Looks up the names in a document. */
  prepare(text: string, name: string): Promise<void>;
  /** Of the table in the kernel. @throws netlink failures. */
  tableDigest(): Promise<string>;
}

/** What `put` led to, with the number of the document among those of all directors. */
export type Shared = (Outcome & { readonly ok: true; readonly generation: number }) | Problem;

/** Milliseconds between looks at the table. */
const LOOK_EVERY = 5000;
/** Milliseconds until a document that this director could not apply is tried again. */
const TRY_AGAIN = 60_000;
/** Milliseconds for which an answer waits until this director has applied what was put. */
const PATIENCE = 60_000;
const POLL = 50;

interface Refusal {
  readonly sha256: string;
  readonly generation: number;
  readonly problem: string;
  readonly until: number;
}

export class SharedDocument {
  #cluster: Cluster | undefined;
  #director: Director | undefined;
  #refusal: Refusal | undefined;
  #applied = 0;
  #looking = false;
  #end: () => void = () => {};

  constructor(readonly parts: SharedDocumentParts) {}

  /** Whether documents are put into etcd. */
  get active(): boolean {
    return this.#cluster !== undefined;
  }

  /** The number of the document of all directors that is in use here; undefined: that of the file is. */
  get generation(): number | undefined {
    return this.#director?.current()?.shared;
  }

  directors(): readonly DirectorRecord[] | undefined {
    return this.#cluster?.directors();
  }

  /** @param cluster undefined: the directors have nothing in common any more. */
  use(cluster: Cluster | undefined, director: Director): void {
    this.#end();
    this.#end = () => {};
    this.#cluster = cluster;
    this.#director = director;
    if (!cluster) return;
    const { world } = this.parts;
    const settings = this.#settings(cluster);
    const unwatch = watchDocument(cluster.store, settings, world, {
      applied: () => {
        const current = director.current();
        const { shared, sha256 = '' } = current ?? {};
        return shared === undefined ? undefined : { generation: shared, sha256 };
      },
      take: (document) => this.#take(document, director),
      alarm: (name, text) => director.alarm(`ha ${name}`, text),
    });
    const unsubscribe = director.subscribe(() => void this.#look());
    let cancel = () => {};
    const again = () => {
      cancel = world.after(LOOK_EVERY, again);
      void this.#look();
    };
    again();
    this.#end = () => {
      unwatch();
      unsubscribe();
      cancel();
    };
  }

  /** Writes a document for all directors, and waits until this one has applied it. */
  async put(document: {
    readonly text: string;
    readonly name: string;
    readonly author: string;
  }): Promise<Shared> {
    const [cluster, director] = [this.#cluster, this.#director];
    if (!cluster || !director) return problem('conflict', 'etcd is not in use: look at ha status');
    const { text, name, author } = document;
    await this.parts.prepare(text, name);
    const wrong = problemOf(director, text, name, cluster.name);
    if (wrong) return wrong;
    const above = director.current()?.number;
    const written = await putDocument(cluster.store, this.#settings(cluster), { text, author, above });
    if (!written.ok) return problem('conflict', written.problem);
    return await this.#effect(written.generation);
  }

  #settings({ name }: Cluster) {
    return { cluster: name, sha256: (text: string) => this.parts.world.sha256(text) };
  }

  /** What came of a document that is in etcd. */
  async #effect(generation: number): Promise<Shared> {
    const where = `generation ${generation} is in etcd for all directors`;
    for (let left = PATIENCE / POLL; left > 0; left -= 1) {
      if ((this.generation ?? 0) >= generation && this.#director?.current()?.applied) {
        return { ok: true, generation, text: `${where}, and in effect here` };
      }
      if (this.#refusal?.generation === generation) {
        return problem('refused', `${where}, but this one refuses it: ${this.#refusal.problem}`);
      }
      await new Promise<void>((resolve) => void this.parts.world.after(POLL, resolve));
    }
    return problem('refused', `${where}, but not in effect here within ${PATIENCE / 1000} s`);
  }

  async #take({ generation, text, author, sha256 }: StoredDocument, director: Director): Promise<void> {
    const former = this.#refusal;
    if (
      former?.sha256 === sha256 &&
      former.generation === generation &&
      this.parts.world.now() < former.until
    )
      return;
    const outcome = await this.#apply(text, author, generation, director);
    this.#refusal = outcome.ok
      ? undefined
      : { sha256, generation, problem: outcome.problem, until: this.parts.world.now() + TRY_AGAIN };
    const alarm = outcome.ok
      ? undefined
      : `generation ${generation} of all directors is refused here: ${withoutLines(outcome.problem)}`;
    director.alarm('ha document-refused', alarm);
    await this.#look();
  }

  async #apply(text: string, author: string, generation: number, director: Director): Promise<Outcome> {
    const cluster = this.#cluster;
    if (!cluster) return problem('conflict', 'etcd is not in use any more');
    const name = keysOf(cluster.name).document;
    try {
      await this.parts.prepare(text, name);
      const wrong = problemOf(director, text, name, cluster.name);
      if (wrong) return wrong;
      await this.parts.prepare(text, name);
      return await director.reload(text, { author, name, shared: generation });
    } catch (error) {
      return problem('refused', reasonOf(error));
    }
  }

  /** Tells the others what this director has. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const table = await this.parts.tableDigest().catch(() => undefined);
    this.#looking = false;
    const { shared, applied } = this.#director?.current() ?? {};
    if (applied) this.#applied = shared ?? 0;
    const refused = this.#refusal && withoutLines(this.#refusal.problem);
    this.#cluster?.publish({ generation: this.#applied, table, refused });
  }
}

/** Why a document is not one of all directors. */
function problemOf(director: Director, text: string, name: string, cluster: string): Problem | undefined {
  const read = director.read(text, name);
  if ('problem' in read) return read;
  if (clusterOf(read) !== cluster) {
    const right = `stop the daemons, and start each on it, or give it 'director: { ha: { engine: etcd, cluster: ${cluster} } }'`;
    return problem('conflict', `${name}: it takes the directors of ${cluster} apart: ${right}`);
  }
  if (read.ha?.settings.name === undefined) return undefined;
  const what = `${name}: it is for all directors, but names one: ${read.ha.settings.name}`;
  return problem('conflict', `${what}: leave 'name' out: each is called by its host name`);
}

/** Alarms are for all who may look, lines of a document are not: they are behind the first line. */
function withoutLines(text: string): string {
  return text.split('\n', 1)[0]!;
}

function problem(kind: Problem['kind'], text: string): Problem {
  return { ok: false, kind, problem: text };
}
