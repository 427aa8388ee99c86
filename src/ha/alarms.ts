/** What wants somebody's attention now: each is told when it begins, changes and ends. */
import type { HaListener } from './types';

export class Alarms {
  readonly #texts = new Map<string, string>();

  constructor(readonly listener: Pick<HaListener, 'alarm'>) {}

  /** @param text undefined: it is over. */
  set(name: string, text: string | undefined): void {
    if (this.#texts.get(name) === text) return;
    if (text === undefined) this.#texts.delete(name);
    else this.#texts.set(name, text);
    this.listener.alarm(name, text);
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }

  get texts(): readonly string[] {
    return [...this.#texts.values()];
  }
}
