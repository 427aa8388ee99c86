/**
 * How late the event loop is. A check that failed while it was late may have failed because of that.
 */
import type { World } from './world';

/** A delay is seen but for what is left of a beat when it begins. */
const BEAT = 25;
/** Less is usual. */
const NOTABLE = 5;
const KEPT = 60_000;
/** Lateness is kept for no more beats than these: enough for a loop that is always late. */
const MAX_KEPT = 3000;

export class Lag {
  readonly #world: Pick<World, 'now' | 'after'>;
  readonly #late: { readonly at: number; readonly by: number }[] = [];
  #expected: number;
  /** When the first beat has come, which the start of the daemon itself delays. */
  #begun = Number.POSITIVE_INFINITY;
  #cancel: () => void;

  constructor(world: Pick<World, 'now' | 'after'>) {
    this.#world = world;
    this.#expected = world.now() + BEAT;
    this.#cancel = world.after(BEAT, () => this.#beat());
  }

  /** The largest delay since a moment, in milliseconds. */
  since(moment: number): number {
    let largest = Math.max(0, this.#world.now() - this.#expected);
    for (let index = this.#late.length - 1; index >= 0; index--) {
      const { at, by } = this.#late[index]!;
      if (at < moment) break;
      largest = Math.max(largest, by);
    }
    return largest;
  }

  /** The largest delay in the last minute. That of the start is none: everything is read and loaded then. */
  lately(): number {
    return this.since(Math.max(this.#world.now() - KEPT, this.#begun));
  }

  stop(): void {
    this.#cancel();
  }

  #beat(): void {
    const now = this.#world.now();
    const by = now - this.#expected;
    if (by > NOTABLE) this.#late.push({ at: now, by });
    while (this.#late.length > 0 && (this.#late[0]!.at < now - KEPT || this.#late.length > MAX_KEPT)) {
      this.#late.shift();
    }
    this.#begun = Math.min(this.#begun, now + 1);
    this.#expected = now + BEAT;
    this.#cancel = this.#world.after(BEAT, () => this.#beat());
  }
}
