/**
 * A watch that only says that something may have changed. What changed is read: so a watch that ends,
 * is cancelled because the store was compacted, or skips something, loses nothing.
 */

/** Milliseconds until a watch that ended begins again; twice as many each time, up to the longest. */
const SHORTEST = 100;
const LONGEST = 2000;

type Open = (hear: (text: string) => void, end: (problem: string) => void) => () => void;

export class Watch {
  #close: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wait = SHORTEST;
  #ended = false;

  constructor(
    readonly open: Open,
    readonly poke: () => void,
  ) {
    this.#begin();
  }

  /** Another member, or another token. */
  restart(): void {
    if (this.#ended) return;
    this.#close?.();
    clearTimeout(this.#timer);
    this.#begin();
  }

  end(): void {
    this.#ended = true;
    this.#close?.();
    clearTimeout(this.#timer);
  }

  #begin(): void {
    const ears = new Ears();
    this.#close = this.open(
      (text) => {
        if (ears.cancelled(text)) {
          this.#close?.();
          return this.#again();
        }
        this.#wait = SHORTEST;
        this.poke();
      },
      () => this.#again(),
    );
  }

  #again(): void {
    if (this.#ended) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), this.#wait);
    this.#wait = Math.min(LONGEST, this.#wait * 2);
  }
}

/** What must be heard in what comes: the end of a watch. Values are in base64, and have neither. */
const ends = ['"canceled":true', '{"error":'];
const LONGEST_END = Math.max(...ends.map(({ length }) => length));

class Ears {
  #tail = '';

  cancelled(text: string): boolean {
    const all = this.#tail + text;
    this.#tail = all.slice(1 - LONGEST_END);
    return ends.some((end) => all.includes(end));
  }
}
