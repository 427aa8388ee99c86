/** The documents that were accepted: numbers, digests, texts; the last twenty are kept. */
import type { SavedGenerations } from './state-files';
import { documentFormat, generationsFormat } from './state-files';
import { load, type Store } from './store';
import type { Generation } from './types';
import type { World } from './world';

const KEPT = 20;

/** A document with what it is read by. */
export interface Document {
  readonly text: string;
  readonly name: string;
  /** What names and other files it refers to: the same as a document that refers to none. */
  readonly resolved?: string | undefined;
}

type Marks = Pick<Generation, 'confirmUntil' | 'shared'>;

export class Generations {
  #list: Generation[];
  #current: number;
  #takenBack: string | undefined;

  constructor(
    readonly world: Pick<
      World,
      'readState' | 'writeState' | 'removeState' | 'epoch' | 'wallClock' | 'sha256'
    >,
    readonly store: Store,
    saved: SavedGenerations | undefined,
  ) {
    this.#list = [...(saved?.list ?? [])];
    this.#current = saved?.current ?? 0;
    this.#takenBack = saved?.takenBack;
  }

  /** Newest first. */
  get list(): readonly Generation[] {
    return [...this.#list].reverse();
  }

  get current(): Generation | undefined {
    return this.#find(this.#current);
  }

  /** The number of the newest one that was accepted. */
  get wanted(): number {
    return this.#list.at(-1)?.number ?? 0;
  }

  get applied(): number {
    return this.#list.findLast(({ number, applied }) => applied && number <= this.#current)?.number ?? 0;
  }

  isCurrent({ text, resolved }: Document): boolean {
    if (this.current?.sha256 !== this.world.sha256(text)) return false;
    const known = this.document(this.#current);
    return 'problem' in known || known.resolved === resolved;
  }

  /** Makes a document the current one. */
  add({ text, name, resolved }: Document, author: string, { confirmUntil, shared }: Marks = {}): Generation {
    // Where nothing else happened, a document has the same number on all directors.
    const number = Math.max(this.wanted + 1, shared ?? 0);
    const sha256 = this.world.sha256(text);
    const generation: Generation = {
      number,
      sha256,
      at: this.world.wallClock(),
      author,
      applied: false,
      ...(confirmUntil === undefined ? {} : { confirmUntil }),
      ...(shared === undefined ? {} : { shared }),
    };
    this.store.save(`generation-${number}`, documentFormat, { name, text, resolved });
    this.#list.push(generation);
    // The one in use until now stays known: the new one may be refused.
    const others = this.#list.filter((one) => one.number !== this.#current);
    const old = new Set(others.slice(0, Math.max(0, this.#list.length - KEPT)));
    this.#list = this.#list.filter((one) => !old.has(one));
    for (const one of old) this.store.remove(`generation-${one.number}`);
    this.#current = number;
    this.#takenBack = this.#takenBack === sha256 ? undefined : this.#takenBack;
    this.#save();
    return generation;
  }

  /** The current one is in effect. */
  setApplied(): void {
    this.#change(this.#current, (generation) => ({ ...generation, applied: true }));
  }

  confirm(): void {
    this.#change(this.#current, ({ confirmUntil: _, ...generation }) => generation);
  }

  /** The current one is given up: `former` is current again. */
  giveUp(former: number): void {
    this.#takenBack = this.current?.sha256;
    this.#current = former;
    this.#save();
  }

  /** The document of the current one is not to be taken again by a restart. */
  takeBack(): void {
    this.#takenBack = this.current?.sha256;
  }

  /** The number of the generation before the current one that was in effect. */
  get previous(): number | undefined {
    const now = this.current?.sha256;
    return this.#list.findLast(
      ({ number, applied, sha256 }) => applied && number < this.#current && sha256 !== now,
    )?.number;
  }

  /** The document of a generation, if it is still known. */
  document(number: number): Document | { readonly problem: string } {
    const generation = this.#find(number);
    if (!generation) return { problem: `generation ${number}: it is not known: see director history` };
    const { value, problem } = load(this.world, `generation-${number}`, documentFormat);
    if (value && this.world.sha256(value.text) === generation.sha256) return value;
    return { problem: problem ?? `generation ${number}: its document is lost` };
  }

  #find(number: number): Generation | undefined {
    return this.#list.find((generation) => generation.number === number);
  }

  #change(number: number, change: (generation: Generation) => Generation): void {
    const index = this.#list.findIndex((generation) => generation.number === number);
    if (index < 0) return;
    this.#list[index] = change(this.#list[index]!);
    this.#save();
  }

  #save(): void {
    this.store.save('generations', generationsFormat, {
      list: this.#list,
      current: this.#current,
      takenBack: this.#takenBack,
    });
  }
}
