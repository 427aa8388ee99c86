/** What operators said about servers, and what somebody did in the kernel by hand. */
import type { AdminState } from '../model/director';
import type { Member, Roster } from './roster';
import type { Override } from './types';

/** Overrides of servers that the document does not have are kept for a later one: no more than these. */
const MAX_KEPT = 10_000;

export interface OverrideWorld {
  now(): number;
  wallClock(): number;
}

export class Overrides {
  readonly #overrides: Map<string, Override>;
  /** When each ends, in monotonic milliseconds: setting the clock does not end any. */
  readonly #ends = new Map<string, number>();

  constructor(
    readonly world: OverrideWorld,
    saved: ReadonlyMap<string, Override> | undefined,
  ) {
    this.#overrides = new Map(saved);
    for (const [id, { until }] of this.#overrides) this.#limit(id, until);
  }

  get all(): ReadonlyMap<string, Override> {
    return this.#overrides;
  }

  get(id: string): Override | undefined {
    return this.#overrides.get(id);
  }

  admin({ id, server }: Member): AdminState {
    return this.#overrides.get(id)?.admin ?? server.admin;
  }

  set({ id, server }: Member, wish: Omit<Override, 'since' | 'fileAdmin'>): void {
    const override: Override = { ...wish, since: this.world.wallClock(), fileAdmin: server.admin };
    this.#overrides.set(id, override);
    this.#limit(id, override.until);
  }

  /** @returns whether there was one. */
  clear(id: string): boolean {
    this.#ends.delete(id);
    return this.#overrides.delete(id);
  }

  /** Ends those whose time is over. @returns their servers' keys. */
  expire(): string[] {
    const now = this.world.now();
    const over = [...this.#ends].filter(([, end]) => end <= now).map(([id]) => id);
    for (const id of over) this.clear(id);
    return over;
  }

  /**
   * Ends those whose server has another state in the document than when they were made.
   * @returns their servers' keys.
   */
  follow(roster: Roster): string[] {
    const ended = this.#surplus(roster);
    for (const id of ended) this.clear(id);
    for (const { members } of roster.values()) {
      for (const { id, server } of members) {
        const override = this.#overrides.get(id);
        if (!override || override.fileAdmin === server.admin) continue;
        this.clear(id);
        ended.push(id);
      }
    }
    return ended;
  }

  /** The oldest of those that no server of the document has. */
  #surplus(roster: Roster): string[] {
    const strays = new Set(this.#overrides.keys());
    for (const { members } of roster.values()) for (const { id } of members) strays.delete(id);
    return [...strays].slice(0, Math.max(0, strays.size - MAX_KEPT));
  }

  #limit(id: string, until: number | undefined): void {
    if (until === undefined) this.#ends.delete(id);
    else this.#ends.set(id, this.world.now() + until - this.world.wallClock());
  }
}
