/** What a document has of the table beside services: timeouts and sync daemons. */
import type { IpvsClient } from '../ipvs/client';
import type { Configuration } from '../model/director';
import type { PlannedChange } from '../state/plan/diff';
import type { TableState } from '../state/table/table-state';
import type { Judge } from './judge';

export type Settings = Pick<Configuration, 'timeouts' | 'daemons'>;
type Part = keyof Settings;

const parts: readonly Part[] = ['timeouts', 'daemons'];
/** What changes of each part are called. */
const kinds: Readonly<Record<Part, readonly string[]>> = {
  timeouts: ['set-timeouts'],
  daemons: ['start-daemon', 'stop-daemon'],
};
const words: Readonly<Record<Part, string>> = { timeouts: 'the timeouts', daemons: 'the sync daemons' };

export class Rest {
  #settings: Settings = {};
  /** The parts that were as wanted when they were looked at last, or were left so. */
  readonly #trusted = new Set<Part>();
  /** How each was when it was found to differ: the same difference counts once. */
  readonly #seen = new Map<Part, string>();

  constructor(readonly judge: Judge) {}

  use(settings: Settings): void {
    this.#settings = settings;
    this.#trusted.clear();
  }

  /** What is wanted, but for what others fight for. */
  get wanted(): TableState {
    const { timeouts, daemons } = this.#settings;
    const { contested } = this.judge;
    return {
      ...(timeouts && !contested.has('timeouts') ? { timeouts } : {}),
      ...(daemons && !contested.has('daemons') ? { daemons } : {}),
    };
  }

  /** The parts that are wanted, as they are. @throws netlink failures. */
  live(client: IpvsClient): TableState {
    const { timeouts, daemons } = this.wanted;
    return {
      ...(timeouts ? { timeouts: client.timeouts() } : {}),
      ...(daemons ? { daemons: client.daemons() } : {}),
    };
  }

  /** Counts what others changed. @returns the plan without what they fight for. */
  judged(plan: PlannedChange[], live: TableState, now: number): PlannedChange[] {
    for (const part of parts) {
      const differs = plan.some(({ change }) => kinds[part].includes(change.kind));
      const state = JSON.stringify(live[part]);
      if (!differs) {
        if (live[part]) this.#trusted.add(part);
        this.#seen.delete(part);
      } else if (this.#trusted.has(part) && this.#seen.get(part) !== state) {
        this.#seen.set(part, state);
        this.judge.repairPart(part, `${words[part]} were changed`, now);
      }
    }
    return plan.filter(({ change }) =>
      parts.every((part) => !this.judge.contested.has(part) || !kinds[part].includes(change.kind)),
    );
  }

  /** The kernel has carried these changes out: what differs from now on, others did. */
  sent(made: readonly PlannedChange[]): void {
    for (const part of parts) {
      if (!made.some(({ change }) => kinds[part].includes(change.kind))) continue;
      this.#trusted.add(part);
      this.#seen.delete(part);
    }
  }
}
