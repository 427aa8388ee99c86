/**
 * The loop: whatever happens marks services, a moment later a pass goes over all that are marked, and
 * every few seconds one goes over everything. Passes never overlap.
 */
import type { PassReport, Scope } from './reconcile';
import type { World } from './world';

/** Marks within this time become one pass. */
const BUNDLE = 20;

export interface LoopWorld extends Pick<World, 'after'> {
  pass(scope: Scope): Promise<PassReport>;
  /** The time between two passes over everything. */
  resync(): number;
}

export class Loop {
  #marked = new Set<string>();
  #all = false;
  #waiting: ((report: PassReport) => void)[] = [];
  #running: Promise<void> | undefined;
  #planned = false;
  #stopped = false;
  #cancelResync: () => void = () => {};
  #cancelPass: () => void = () => {};

  constructor(readonly world: LoopWorld) {}

  start(): void {
    this.#resync();
  }

  /** Something has changed that concerns these services. */
  mark(scope: Scope): void {
    if (scope === 'all') this.#all = true;
    else for (const id of scope) this.#marked.add(id);
    this.#plan();
  }

  /** A pass over everything that begins after now. */
  full(): Promise<PassReport> {
    if (this.#stopped) return Promise.resolve({ refused: new Map(), failure: 'the daemon is stopping' });
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.mark('all');
    });
  }

  /** Settles when no pass is under way. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelResync();
    this.#cancelPass();
    await this.idle();
    this.#answer({ refused: new Map(), failure: 'the daemon is stopping' }, this.#waiting);
  }

  #plan(): void {
    if (this.#planned || this.#stopped || this.#running) return;
    this.#planned = true;
    this.#cancelPass = this.world.after(BUNDLE, () => {
      this.#planned = false;
      this.#running = this.#pass().finally(() => {
        this.#running = undefined;
        if (this.#all || this.#marked.size > 0) this.#plan();
      });
    });
  }

  async #pass(): Promise<void> {
    const scope: Scope = this.#all ? 'all' : this.#marked;
    const waiting = this.#waiting;
    this.#marked = new Set();
    this.#all = false;
    this.#waiting = [];
    this.#answer(await this.#attempt(scope), waiting);
  }

  /** Not even a bug ends the loop. */
  async #attempt(scope: Scope): Promise<PassReport> {
    try {
      return await this.world.pass(scope);
    } catch (error) {
      return { refused: new Map(), failure: String(error) };
    }
  }

  #answer(report: PassReport, waiting: ((report: PassReport) => void)[]): void {
    for (const hear of waiting) hear(report);
  }

  #resync(): void {
    this.#cancelResync = this.world.after(this.world.resync(), () => {
      this.mark('all');
      this.#resync();
    });
  }
}
