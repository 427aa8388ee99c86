/** What is known of the store: the last view of it, and what is wrong with it. */
import type { Alarms } from '../alarms';
import type { HaWorld } from '../world';
import { History } from './history';
import type { Head } from './store';
import type { View } from './view';

/** Milliseconds without a leader before somebody should know. */
const MISSING = 5000;
/** Milliseconds for which the alarm of a store that went back stays. */
const REMEMBERED = 600_000;

export class Outlook {
  view: View | undefined;
  #history = new History();
  #seenAt: number;
  #absentSince: number | undefined;
  #rememberUntil = Number.NEGATIVE_INFINITY;

  /** @param ttl the life of a lease in milliseconds. */
  constructor(
    readonly world: Pick<HaWorld, 'now'>,
    readonly alarms: Alarms,
    readonly ttl: number,
  ) {
    this.#seenAt = world.now();
  }

  /** The newest that was seen of the store, also by a former run of the daemon. */
  get newest(): Head | undefined {
    return this.#history.newest;
  }

  remember(newest: Head | undefined): void {
    this.#history = new History(newest);
  }

  /** Before this time nobody may take the VIPs by what is in the store. */
  get trustedFrom(): number {
    return this.#history.trustedFrom;
  }

  /** Since when nobody has led, for all that was seen; undefined: somebody does. */
  get absentSince(): number | undefined {
    return this.#absentSince;
  }

  /** There was no answer. */
  away(problem: string): void {
    const silent = this.world.now() - this.#seenAt;
    if (silent >= this.ttl / 2 && !this.alarms.has('store')) {
      this.alarms.set('store', `etcd does not answer: ${problem}`);
    }
  }

  saw(view: View): void {
    const now = this.world.now();
    const former = this.view;
    this.view = view;
    this.#seenAt = now;
    this.alarms.set('store', undefined);
    const wentBack = this.#history.saw(view.head, now, this.ttl);
    if (wentBack !== undefined) {
      this.#rememberUntil = now + REMEMBERED;
      this.alarms.set('history', `${wentBack}: was it restored from a snapshot`);
    } else if (now > this.#rememberUntil) this.alarms.set('history', undefined);
    this.#countAbsence(former, view);
    const missing = this.#absentSince !== undefined && now - this.#absentSince > MISSING;
    this.alarms.set('nobody', missing ? 'nobody has the VIPs: no director is fit to lead' : undefined);
  }

  #countAbsence(former: View | undefined, { leader, last }: View): void {
    const same = former?.last?.modified === last?.modified;
    if (leader) this.#absentSince = undefined;
    // Somebody may have led between two looks.
    else if (!same || this.#absentSince === undefined) this.#absentSince = this.world.now();
  }
}
