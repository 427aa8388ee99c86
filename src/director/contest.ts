/** Recognises another program that fights for an entry: the same field, repaired again and again. */
const WINDOW = 60_000;
/** More repairs than these within the window are a fight. */
const MAX_REPAIRS = 3;

export class Contest {
  readonly #repairs = new Map<string, number[]>();
  readonly #told = new Map<string, number>();

  /**
   * Counts a repair of a field of a service.
   * @param now monotonic milliseconds.
   * @returns whether it is one too many.
   */
  repair(service: string, field: string, now: number): boolean {
    const name = `${service} ${field}`;
    const times = [...(this.#repairs.get(name) ?? []).filter((at) => now - at < WINDOW), now];
    this.#repairs.set(name, times.slice(-MAX_REPAIRS - 1));
    return times.length > MAX_REPAIRS;
  }

  /** Whether something is to be told: at most once a minute. */
  tells(name: string, now: number): boolean {
    const last = this.#told.get(name);
    if (last !== undefined && now - last < WINDOW) return false;
    this.#told.set(name, now);
    return true;
  }

  /** Begins anew with a service. */
  forget(service: string): void {
    for (const name of this.#repairs.keys()) if (name.startsWith(`${service} `)) this.#repairs.delete(name);
  }

  /** Forgets what is no longer of interest. */
  sweep(now: number): void {
    for (const [name, times] of this.#repairs) {
      if (times.every((at) => now - at >= WINDOW)) this.#repairs.delete(name);
    }
    for (const [name, at] of this.#told) if (now - at >= WINDOW) this.#told.delete(name);
  }
}
