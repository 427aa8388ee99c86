/**
 * A director that is relieved serves on for a moment: the other one has to put the VIPs on first, and to
 * tell the neighbours. Less than what passes until it tells them again.
 */
import type { HaWorld } from '../world';

const OVERLAP = 200;

export class Overlap {
  #cancel: (() => void) | undefined;

  constructor(readonly world: Pick<HaWorld, 'after'>) {}

  /** Does nothing while it lasts. */
  begin(then: () => void): void {
    this.#cancel ??= this.world.after(OVERLAP, () => {
      this.#cancel = undefined;
      then();
    });
  }

  /** @returns whether it lasted still. */
  end(): boolean {
    const lasted = this.#cancel !== undefined;
    this.#cancel?.();
    this.#cancel = undefined;
    return lasted;
  }
}
