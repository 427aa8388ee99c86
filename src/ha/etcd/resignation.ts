/** An operator's wish that another director leads, until it is fulfilled. */
import type { HaOutcome } from '../types';
import type { HaWorld } from '../world';
import { COOL } from './candidacy';

export class Resignation {
  #wish: { readonly since: number; resolve(outcome: HaOutcome): void } | undefined;

  constructor(readonly world: Pick<HaWorld, 'now'>) {}

  get wanted(): boolean {
    return this.#wish !== undefined;
  }

  begin(): Promise<HaOutcome> {
    return new Promise((resolve) => {
      this.#wish = { since: this.world.now(), resolve };
    });
  }

  end(outcome: HaOutcome): void {
    this.#wish?.resolve(outcome);
    this.#wish = undefined;
  }

  /** Nobody waits for ever. */
  look(): void {
    if (this.#wish && this.world.now() - this.#wish.since > COOL) {
      this.end({ ok: false, problem: 'resign: nobody took over' });
    }
  }
}
