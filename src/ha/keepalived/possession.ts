/** The VIPs, put on for some seconds at a time by a process that may stand still at any moment. */
import type { Alarms } from '../alarms';
import { vipProblem } from '../vips';
import type { HaWorld } from '../world';

/** A process that stood still for so long may have lost the lead. Less than the guard's limit. */
export const PAUSE = 2000;

export class Possession {
  /** When they were put on last. */
  #at = Number.NEGATIVE_INFINITY;

  constructor(
    readonly world: HaWorld,
    readonly alarms: Alarms,
  ) {}

  /** Milliseconds since they were put on. */
  get age(): number {
    return this.world.now() - this.#at;
  }

  /**
   * Puts them on.
   * @param moved when this process was last known to move: what it knows is as old.
   * @returns `late`: too much time has passed meanwhile, and they are off again.
   */
  hold(seconds: number, moved: number): 'held' | 'late' | 'refused' {
    const before = this.world.now();
    this.#at = before;
    try {
      this.world.vips.hold(seconds);
    } catch (error) {
      this.alarms.set('vips', vipProblem(error));
      return 'refused';
    }
    this.alarms.set('vips', undefined);
    if (this.world.now() - Math.min(before, moved) <= PAUSE) return 'held';
    this.release();
    return 'late';
  }

  release(): void {
    try {
      this.world.vips.release();
    } catch (error) {
      this.alarms.set('vips', vipProblem(error));
    }
  }
}
