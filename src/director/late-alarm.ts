/**
 * A machine that is too slow for its checks: failures that come late do not count, so that a server
 * that is dead stays in. One stall is no alarm, but one after the other is.
 */
import type { Events } from './events';

/** How long failures must have come late. */
const LASTING = 10_000;
/** How long none must have. */
const QUIET = 10_000;

const TEXT =
  'this machine is too slow for its checks: failures come late, and do not count: check less often, or give it more processor time';

export class LateAlarm {
  #count = 0;
  #began: number | undefined;
  #last = 0;

  /** @param count how many results came late so far. */
  tick(events: Events, count: number, now: number): void {
    if (count > this.#count) {
      this.#count = count;
      this.#began ??= now;
      this.#last = now;
    }
    if (this.#began === undefined) return;
    if (now - this.#last >= QUIET) {
      this.#began = undefined;
      events.end('late');
    } else if (now - this.#began >= LASTING) events.alarm('late', TEXT);
  }
}
