/** While a director leads: does another machine have a VIP, too? Can the other directors be seen? */
import type { HaWorld } from './world';

/** Between two looks: what is wrong is told within 5 s. */
const EVERY = 1800;
/** A director that hands over has the VIPs a moment longer. */
const HANDED_OVER = 700;
/** One answer may get lost. */
const MISSES = 2;

export interface WatchingOptions {
  readonly world: HaWorld;
  /** Addresses of the other directors that do not answer. Never rejects. */
  silent?(): Promise<readonly string[]>;
  /** @param text what is wrong; undefined: it is over. */
  duplicate(text: string | undefined): void;
  unseen(text: string | undefined): void;
}

export class Watching {
  #round = 0;
  #cancel: (() => void) | undefined;
  /** How often in a row an address did not answer. */
  #misses = new Map<string, number>();

  constructor(readonly options: WatchingOptions) {}

  begin(): void {
    this.end();
    this.#look(this.#round);
  }

  end(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#misses = new Map();
    this.options.duplicate(undefined);
    this.options.unseen(undefined);
  }

  #ask(round: number): void {
    void this.options.world.vips.rivals().then((rivals) => {
      if (round !== this.#round) return;
      const all = rivals.map(({ vip, mac }) => `${vip} is also at ${mac}`);
      this.options.duplicate(
        all.length === 0 ? undefined : `${all.join(', ')}: two directors lead, or an address is used twice`,
      );
    });
  }

  #look(round: number): void {
    const { world } = this.options;
    const next = world.after(EVERY, () => this.#look(round));
    const ask = world.after(HANDED_OVER, () => this.#ask(round));
    this.#cancel = () => {
      next();
      ask();
    };
    void this.options.silent?.().then((silent) => {
      if (round !== this.#round) return;
      this.#misses = new Map(silent.map((address) => [address, (this.#misses.get(address) ?? 0) + 1]));
      const gone = silent.filter((address) => this.#misses.get(address)! >= MISSES);
      this.options.unseen(
        gone.length === 0
          ? undefined
          : `${gone.join(', ')}: no answer: that director is gone, or it is cut off from this one and leads, too`,
      );
    });
  }
}
