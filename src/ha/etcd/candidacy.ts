/** Whether this director wants the VIPs. */
import type { HaWorld } from '../world';

/** Milliseconds until a director that started has the connections of the others. */
const SETTLE = 10_000;
/** Milliseconds that a director which gave the VIPs up leaves them to others. */
export const COOL = 5000;
/** Milliseconds that a director which has not settled leaves to those that have. */
const COURTESY = 1000;
/** Milliseconds that a director which could not put the VIPs on leaves to all others. */
const DOUBT = 2000;
/** Milliseconds for which a director whose VIPs could not be put on is not fit. */
const BROKEN = 30_000;

export class Candidacy {
  #unfit: string | undefined;
  #broken: { readonly problem: string; readonly until: number } | undefined;
  #coolUntil = Number.NEGATIVE_INFINITY;
  #settlesAt: number;

  constructor(readonly world: Pick<HaWorld, 'now'>) {
    this.#settlesAt = world.now() + SETTLE;
  }

  /** Why another director would be better. */
  get problem(): string | undefined {
    if (this.#unfit !== undefined) return this.#unfit;
    return this.#isBroken ? `the VIPs cannot be put on: ${this.#broken!.problem}` : undefined;
  }

  /** If nobody else does, one tries to put the VIPs on that could not do it a while ago. */
  get wanted(): boolean {
    return this.#unfit === undefined && this.world.now() >= this.#coolUntil;
  }

  get ready(): boolean {
    return this.wanted && !this.#isBroken && this.#settled;
  }

  /** It has been there long enough to have the connections. */
  get #settled(): boolean {
    return this.world.now() >= this.#settlesAt;
  }

  /** @param others whether another director could lead at once. @returns milliseconds that are left to them. */
  courtesy(others: boolean): number {
    if (this.#isBroken) return DOUBT;
    return others && !this.#settled ? COURTESY : 0;
  }

  get #isBroken(): boolean {
    return this.#broken !== undefined && this.world.now() < this.#broken.until;
  }

  /** @returns whether that is news. */
  setFitness(problem: string | undefined): boolean {
    const news = problem !== this.#unfit;
    this.#unfit = problem;
    return news;
  }

  /** The VIPs could not be put on. */
  broken(problem: string): void {
    this.#broken = { problem, until: this.world.now() + BROKEN };
  }

  /** This director gave the VIPs up. */
  cool(): void {
    this.#coolUntil = this.world.now() + COOL;
  }

  /** Another director leads. */
  warm(): void {
    this.#coolUntil = Number.NEGATIVE_INFINITY;
  }

  /** It led before a restart. */
  settle(): void {
    this.#settlesAt = Number.NEGATIVE_INFINITY;
  }
}
