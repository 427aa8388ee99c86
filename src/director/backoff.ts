/** How long what the kernel refused is left alone: 1, 2, 4 and so on up to 30 s. */
const FIRST = 1000;
const LONGEST = 30_000;

export class Backoff {
  readonly #waits = new Map<string, { readonly wait: number; readonly until: number }>();

  /** @param now monotonic milliseconds. */
  refused(name: string, now: number): void {
    const wait = Math.min(2 * (this.#waits.get(name)?.wait ?? FIRST / 2), LONGEST);
    this.#waits.set(name, { wait, until: now + wait });
  }

  /** Tries once more at once: something else is to be sent. */
  wake(name: string, now: number): void {
    const known = this.#waits.get(name);
    if (known) this.#waits.set(name, { ...known, until: now });
  }

  succeeded(name: string): void {
    this.#waits.delete(name);
  }

  /** Forgets all, so that everything is tried at once. */
  clear(): void {
    this.#waits.clear();
  }

  isWaiting(name: string, now: number): boolean {
    return (this.#waits.get(name)?.until ?? now) > now;
  }

  has(name: string): boolean {
    return this.#waits.has(name);
  }

  /** Forgets all but these. */
  keep(names: { has(name: string): boolean }): void {
    for (const name of this.#waits.keys()) if (!names.has(name)) this.#waits.delete(name);
  }

  /** What has been waited for. */
  due(now: number): string[] {
    return [...this.#waits].filter(([, { until }]) => until <= now).map(([name]) => name);
  }
}
