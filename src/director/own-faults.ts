/**
 * Checks that this machine cannot make: they say nothing about servers, so somebody has to be told. What
 * is wrong is mostly the same for many of them.
 */
import type { Events } from './events';
import type { Job } from './runner';
import type { TimedResult } from './types';

/** How many different faults are told at the same time. */
const MOST = 10;

export class OwnFaults {
  /** What is wrong, by the keys of the checks. */
  readonly #faults = new Map<string, string>();
  /** How many checks have each fault. */
  readonly #counts = new Map<string, number>();
  /** The faults that are told. */
  readonly #told: (string | undefined)[] = Array.from({ length: MOST });

  constructor(readonly events: Pick<Events, 'alarm' | 'end'>) {}

  heard({ key, target }: Pick<Job, 'key' | 'target'>, { check, message, ours }: TimedResult): void {
    if (this.#faults.get(key) === (ours ? message : undefined)) return;
    this.#forget(key);
    if (!ours) return;
    this.#faults.set(key, message);
    const count = (this.#counts.get(message) ?? 0) + 1;
    this.#counts.set(message, count);
    const place = this.#told.indexOf(undefined);
    if (count > 1 || place < 0) return;
    this.#told[place] = message;
    const text = `${target.service.name}/${target.server.name} cannot be checked, and so stays as it is`;
    this.events.alarm(`fault ${place}`, `${text}: ${check}: ${message}`);
  }

  /** Forgets checks that are no longer run. */
  keep(isRun: (key: string) => boolean): void {
    for (const key of this.#faults.keys()) if (!isRun(key)) this.#forget(key);
  }

  #forget(key: string): void {
    const message = this.#faults.get(key);
    if (message === undefined) return;
    this.#faults.delete(key);
    const count = this.#counts.get(message)! - 1;
    if (count > 0) {
      this.#counts.set(message, count);
      return;
    }
    this.#counts.delete(message);
    const place = this.#told.indexOf(message);
    if (place < 0) return;
    this.#told[place] = undefined;
    this.events.end(`fault ${place}`);
  }
}
