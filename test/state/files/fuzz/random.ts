/** Random choices that a seed repeats on every machine. */
export class Random {
  #state: number;
  /** Whether nothing odd is chosen: half of the documents are to be accepted. */
  readonly calm: boolean;

  constructor(...seeds: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const seed of seeds) {
      this.#state = Math.imul(this.#state ^ seed, 0x85ebca6b) >>> 0;
      this.below(2);
    }
    this.calm = this.once(2);
  }

  /** A whole number from 0 to `count - 1` (mulberry32). */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** As `once`, but never for a calm document. */
  oddly(times: number): boolean {
    return !this.calm && this.once(times);
  }

  /** One of the values, or seldom the odd one. */
  usual<T>(values: readonly T[], odd: T): T {
    return this.oddly(8) ? odd : this.pick(values);
  }

  /** A list of `from` to `to` results. */
  list<T>(from: number, to: number, make: (index: number) => T): T[] {
    return Array.from({ length: from + this.below(to - from + 1) }, (_, index) => make(index));
  }

  /** The text, or once in `times` nothing. */
  rarelyNone(times: number, text: string): string {
    return this.once(times) ? '' : text;
  }
}
