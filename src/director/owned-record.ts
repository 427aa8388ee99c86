/** The record of what is ours in the table, as the daemon goes on with it and as it is saved. */
import type { Owned } from './ownership';

/** What is remembered of owners while the machine runs. */
export interface SavedOwned {
  readonly services: Owned;
  /** Services of others that became ours with a document that is not accepted for good yet. */
  readonly taken: ReadonlySet<string>;
  /** The server that each service of one server is for (path.ts): both by their keys. */
  readonly paths: ReadonlyMap<string, string>;
}

export const nothingOwned: SavedOwned = { services: new Map(), taken: new Set(), paths: new Map() };

export class OwnedRecord {
  #services: Owned;
  readonly #taken: Set<string>;
  #paths: ReadonlyMap<string, string>;
  #unsaved = false;

  /** @param write is called before changes, with a record that names what they add. */
  constructor(
    saved: SavedOwned,
    readonly write: (record: SavedOwned) => void,
  ) {
    this.#services = saved.services;
    this.#taken = new Set(saved.taken);
    this.#paths = saved.paths;
  }

  get services(): Owned {
    return this.#services;
  }

  get paths(): ReadonlyMap<string, string> {
    return this.#paths;
  }

  has(id: string): boolean {
    return this.#services.has(id);
  }

  own(services: Owned): void {
    if (services === this.#services) return;
    this.#services = services;
    this.#unsaved = true;
  }

  disown(id: string): void {
    const services = new Map(this.#services);
    services.delete(id);
    this.own(services);
  }

  usePaths(paths: ReadonlyMap<string, string>): void {
    this.#paths = paths;
    this.#unsaved = true;
  }

  take(id: string): void {
    this.#taken.add(id);
    this.#unsaved = true;
  }

  get taken(): readonly string[] {
    return [...this.#taken];
  }

  /** The document is accepted: what was taken for it is ours for good. */
  keepTaken(): void {
    if (this.#taken.size > 0) this.#unsaved = true;
    this.#taken.clear();
  }

  save(): void {
    if (!this.#unsaved) return;
    this.#unsaved = false;
    this.write({ services: this.#services, taken: this.#taken, paths: this.#paths });
  }
}
