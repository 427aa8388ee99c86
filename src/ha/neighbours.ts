/** What a director that leads tells its neighbours, and asks them; for engines that leave it to others. */
import type { Alarms } from './alarms';
import { Announcing } from './announcing';
import type { Role } from './types';
import { Watching } from './watching';
import type { HaWorld } from './world';

export class Neighbours {
  readonly #announcing: Announcing;
  readonly #watching: Watching;

  /** @param alarms gets `duplicate` while another machine answers for a VIP. */
  constructor(world: HaWorld, alarms: Alarms) {
    this.#announcing = new Announcing(world);
    this.#watching = new Watching({
      world,
      duplicate: (text) => {
        alarms.set('duplicate', text);
        if (text !== undefined) this.#announcing.conflict();
      },
      // Who is there, the store says.
      unseen: () => {},
    });
  }

  role(role: Role): void {
    this.end();
    if (role !== 'leader') return;
    this.#announcing.begin();
    this.#watching.begin();
  }

  end(): void {
    this.#announcing.end();
    this.#watching.end();
  }
}
