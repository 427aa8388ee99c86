/** Why this director rather does not lead: something is missing, or it does not want to for a while. */
import type { HaWorld } from '../world';

export class Reluctance {
  /** What is missing, in words. */
  unfit: string | undefined;
  #until = Number.NEGATIVE_INFINITY;

  constructor(readonly world: Pick<HaWorld, 'now'>) {}

  get wanted(): boolean {
    return this.unfit !== undefined || this.world.now() < this.#until;
  }

  /** It does not want to for some milliseconds from now. */
  last(milliseconds: number): void {
    this.#until = this.world.now() + milliseconds;
  }

  end(): void {
    this.#until = Number.NEGATIVE_INFINITY;
  }

  /** @returns whether the time is over, once. */
  lapsed(): boolean {
    const over = this.#until !== Number.NEGATIVE_INFINITY && this.#until <= this.world.now();
    if (over) this.end();
    return over;
  }
}
