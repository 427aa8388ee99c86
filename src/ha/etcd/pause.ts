/** The time between two steps: ends when it is over, or earlier when there is something to do. */
import type { HaWorld } from '../world';

/** Milliseconds at least, whatever happens. */
const LEAST = 10;

export class Pause {
  #wanted = false;
  #wake: (() => void) | undefined;

  constructor(readonly world: Pick<HaWorld, 'now' | 'after'>) {}

  /** Ends the pause, or the next one. */
  end(): void {
    this.#wanted = true;
    this.#wake?.();
  }

  /** @param until in the world's milliseconds. */
  async wait(until: number): Promise<void> {
    const { world } = this;
    await new Promise<void>((resolve) => void world.after(LEAST, resolve));
    const left = until - world.now();
    if (left > 0 && !this.#wanted) {
      await new Promise<void>((resolve) => {
        const cancel = world.after(left, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#wake = undefined;
    this.#wanted = false;
  }
}
