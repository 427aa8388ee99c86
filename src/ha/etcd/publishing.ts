/** What this director says about itself in the store, under its lease; and what the others say. */
import type { Alarms } from '../alarms';
import type { HaWorld } from '../world';
import type { DirectorRecord, Keys } from './records';
import type { EtcdStore } from './store';
import type { PublishedDirector, View } from './view';

/** What the daemon adds to it. */
export type Facts = Pick<DirectorRecord, 'generation' | 'refused' | 'table'>;

export class Publishing {
  facts: Facts = { generation: 0 };
  readonly #key: string;
  #foreignSince: number | undefined;

  /** @param ttl the life of a lease in milliseconds. */
  constructor(
    readonly world: Pick<HaWorld, 'now'>,
    readonly store: EtcdStore,
    readonly keys: Keys,
    readonly name: string,
    readonly alarms: Alarms,
    readonly ttl: number,
  ) {
    this.#key = `${keys.directors}${name}`;
  }

  /** Writes it if the store has something else. */
  async publish(own: Omit<DirectorRecord, keyof Facts | 'name'>, lease: string, view: View): Promise<void> {
    const there = view.directors.find(({ key }) => key === this.#key);
    const foreign = there !== undefined && there.lease !== lease;
    this.#watchName(foreign);
    const value = JSON.stringify({ name: this.name, ...own, ...this.facts });
    if (foreign || there?.text === value) return;
    // A failure needs no answer: the next view shows that it is not there.
    await this.store.transact({
      conditions: [{ key: this.#key, modified: there?.modified ?? 0n }],
      operations: [{ kind: 'put', key: this.#key, value, lease }],
    });
  }

  /** Others that could take the VIPs now. */
  readyOthers(view: View): readonly PublishedDirector[] {
    return view.directors.filter(({ key, ready }) => key !== this.#key && ready);
  }

  /** What a former run of this director said ends with its lease; what stays is another director's. */
  #watchName(foreign: boolean): void {
    const now = this.world.now();
    this.#foreignSince = foreign ? (this.#foreignSince ?? now) : undefined;
    const twice = this.#foreignSince !== undefined && now - this.#foreignSince > 2 * this.ttl;
    const text = `another director is called ${this.name}, too: each needs a name of its own`;
    this.alarms.set('name', twice ? text : undefined);
  }
}
