/** The VIPs of a director that leads: on while its tenure lasts, and never longer. See lease.ts. */
import type { HaWorld } from '../world';
import { EARLY, KERNEL_LATE, type Tenure } from './lease';

/** on: they are on. late: there is not a whole second left. */
export type Held = { readonly kind: 'on' } | { readonly kind: 'late' } | Failed;

interface Failed {
  readonly kind: 'failed';
  readonly problem: string;
}

/** Milliseconds before the last whole second of a tenure, so that a timer may be late. */
const BEFORE = 100;

export interface HoldingEvents {
  /** Time to put them on once more, as long as that is possible at all. */
  extend(): void;
  /** The tenure ends. */
  expire(): void;
}

export class Holding {
  /** When the kernel takes them off, at the latest; in the past: they are off. */
  #end = Number.NEGATIVE_INFINITY;
  /** Until when all of them are on. */
  #complete = Number.NEGATIVE_INFINITY;
  #cancel: (() => void)[] = [];

  constructor(
    readonly world: Pick<HaWorld, 'now' | 'after' | 'vips'>,
    readonly tenure: Tenure,
    readonly events: HoldingEvents,
  ) {}

  /** When they are surely off without anybody doing something. */
  get offBy(): number {
    return this.#end + KERNEL_LATE;
  }

  /** Whether all of them are on, for all that is known. */
  get on(): boolean {
    return this.world.now() < this.#complete;
  }

  hold(): Held {
    const { world, tenure } = this;
    // When the process stands still in between, what it puts on may be too much: then once more.
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const seconds = tenure.seconds(world.now());
      if (seconds === 0) break;
      try {
        world.vips.hold(seconds);
      } catch (error) {
        this.#end = Math.max(this.#end, world.now() + seconds * 1000); // some may be on
        return failed(error);
      }
      this.#end = world.now() + seconds * 1000;
      if (this.#end <= tenure.deadline) {
        this.#complete = this.#end;
        this.#arm();
        return { kind: 'on' };
      }
    }
    // Of an earlier time they may go on to their end; what was just put on beyond the tenure may not.
    if (this.#end > tenure.deadline) return this.release() ?? { kind: 'late' };
    return { kind: 'late' };
  }

  /** From now on they are on for at most a second, whatever becomes of this process. @returns whether it is so. */
  shorten(): boolean {
    const { world, tenure } = this;
    if (!this.on || tenure.seconds(world.now()) === 0) return false;
    this.disarm();
    try {
      world.vips.hold(1);
    } catch {
      return false;
    }
    this.#end = world.now() + 1000;
    this.#complete = this.#end;
    return this.#end <= tenure.deadline;
  }

  /** Takes them off. @returns why that was not possible. */
  release(): Failed | undefined {
    this.disarm();
    this.#complete = Number.NEGATIVE_INFINITY;
    try {
      this.world.vips.release();
      this.#end = Number.NEGATIVE_INFINITY;
      return undefined;
    } catch (error) {
      return failed(error);
    }
  }

  disarm(): void {
    for (const cancel of this.#cancel.splice(0)) cancel();
  }

  #arm(): void {
    const { world, tenure, events } = this;
    this.disarm();
    const left = tenure.deadline - world.now();
    const last = left - 1000 - BEFORE;
    if (last > 0) this.#cancel.push(world.after(last, events.extend));
    this.#cancel.push(world.after(Math.max(0, left - EARLY), events.expire));
  }
}

function failed(error: unknown): Failed {
  return { kind: 'failed', problem: error instanceof Error ? error.message : String(error) };
}
