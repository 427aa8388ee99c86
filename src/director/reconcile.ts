/** One pass over the table: read, compare with what is wanted, send what differs. */
import { strerror } from '../errors/strerror';
import type { IpvsClient } from '../ipvs/client';
import { type PlannedChange, planChanges } from '../state/plan/diff';
import { wasOvertaken } from '../state/plan/send';
import { sameState } from '../state/table/equality';
import { type ServiceState, serverName } from '../state/table/table-state';
import { afterSending } from './after-sending';
import { Backoff } from './backoff';
import type { Events } from './events';
import type { Judge } from './judge';
import { type Keeping, leavingService } from './keeping';
import type { OwnedRecord } from './owned-record';
import { ownedBefore, withOwned } from './ownership';
import { LiveReader, type LiveService } from './read-live';
import { Rest } from './rest';
import type { Roster } from './roster';
import { type Sending, sendPlan, serviceOf } from './send';
import type { TableLock } from './table-lock';

/** A table that others change all the time is planned so often in one pass. */
const ROUNDS = 3;
/** After so many services and real servers other work gets its turn. */
export const ENTRIES_A_TURN = 300;

export interface ReconcileWorld {
  readonly client: IpvsClient;
  readonly lock: TableLock;
  readonly keeping: Keeping;
  readonly judge: Judge;
  readonly events: Events;
  now(): number;
  /** Lets other work go on; returns whether to stop. */
  pause(): Promise<boolean>;
  readonly owned: OwnedRecord;
}

/** What a pass has led to. */
export interface PassReport {
  /** What was refused, by the keys of the services; '' for the rest of the table. */
  readonly refused: ReadonlyMap<string, string>;
  /** The netlink failure that ended it. */
  readonly failure?: string | undefined;
}

/** What a pass is about: services by their keys, or everything. */
export type Scope = 'all' | ReadonlySet<string>;

interface Draft {
  readonly plan: readonly PlannedChange[];
  readonly live: ReadonlyMap<string, ServiceState>;
  /** How many services the table has without those of checks, if all were read. */
  readonly count?: number | undefined;
  /** What may be changed, by the keys of the services; '' for the rest of the table. */
  readonly considered: readonly string[];
}

export class Reconciler {
  roster: Roster = new Map();
  readonly rest: Rest;
  others: readonly string[] = [];
  sent = 0;
  refused = 0;
  readonly backoff = new Backoff();
  readonly #reader: LiveReader;
  /** Services of ours that the document no longer has. */
  readonly #leaving = new Map<string, { readonly since: number; readonly removeAfter: number | undefined }>();

  constructor(readonly world: ReconcileWorld) {
    this.#reader = new LiveReader(world.client);
    this.rest = new Rest(world.judge);
  }

  /** The document no longer has a service: its servers have this time if it is ours. */
  leave(id: string, removeAfter: number | undefined): void {
    if (this.world.owned.has(id)) this.#leaving.set(id, { since: this.world.now(), removeAfter });
    else this.world.keeping.forget(id);
  }

  /** The document is accepted: what was taken for it is ours for good. */
  keepTaken(): void {
    this.world.owned.keepTaken();
    this.world.owned.save();
  }

  /** Gives back what was taken for a document that is given up, but for services of `roster`. */
  giveBack(roster: Roster): void {
    const { owned, keeping } = this.world;
    for (const id of owned.taken) {
      if (roster.has(id)) continue;
      keeping.forget(id);
      this.#disown(id);
    }
    this.keepTaken();
  }

  get isLeaving(): boolean {
    return [...this.world.owned.services.keys()].some((id) => !this.roster.has(id));
  }

  /** Never throws netlink failures: they are part of the report. */
  async pass(scope: Scope): Promise<PassReport> {
    let locked: (() => void) | undefined;
    const refused = new Map<string, string>();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        let draft = await this.#draft(scope);
        this.#settle(draft);
        if (draft.plan.length === 0) return { refused };
        if (!locked) {
          locked = await this.world.lock.take();
          draft = await this.#draft(scope); // others may have changed it while we waited
        }
        const sending = await this.#send(draft);
        refused.clear();
        for (const { planned, errno } of sending.refused) {
          refused.set(serviceOf(planned), `${planned.change.kind}: ${strerror(errno)}`);
        }
        if (sending.failure !== undefined) throw sending.failure;
        if (sending.refused.length === 0 || !wasOvertaken(sending.refused)) break;
      }
      return { refused };
    } catch (error) {
      return { refused, failure: String(error) };
    } finally {
      locked?.();
      for (const id of refused.keys()) this.backoff.refused(id, this.world.now());
    }
  }

  async #draft(scope: Scope): Promise<Draft> {
    const { owned } = this.world;
    const all = scope === 'all' ? this.#reader.services() : undefined;
    const live = new Map<string, ServiceState>();
    const differing: ServiceState[] = [];
    const wanted: ServiceState[] = [];
    const ids = scope === 'all' ? new Set([...this.roster.keys(), ...owned.services.keys()]) : scope;
    const considered: string[] = [];
    let entries = 0;
    for (const id of ids) {
      if (entries >= ENTRIES_A_TURN) {
        entries = 0;
        if (await this.world.pause()) return { plan: [], live: new Map(), considered: [] };
      }
      const now = this.world.now();
      const isOfDocument = this.roster.has(id);
      if (!isOfDocument && !all) continue;
      const there = this.#read(id, all);
      entries += 1 + (there?.servers.length ?? 0);
      const target = isOfDocument ? this.#wanted(id, there, now) : this.#remainder(id, there, now);
      if (target === 'hands-off' || this.backoff.isWaiting(id, now)) continue;
      considered.push(id);
      if (there) live.set(id, there);
      // What is as it should be needs no plan: mostly that is everything.
      if (there && target && sameState(there, target)) continue;
      if (there) differing.push(there);
      if (target) wanted.push(target);
    }
    if (all) {
      this.others = [...all.keys()].filter((id) => !this.roster.has(id) && !owned.has(id));
      this.backoff.keep(new Set(['', ...ids]));
    }
    const now = this.world.now();
    const withRest = all && !this.backoff.isWaiting('', now);
    if (withRest) considered.push('');
    const liveRest = withRest ? this.rest.live(this.world.client) : {};
    const wholePlan = planChanges(
      { services: differing, ...liveRest },
      { services: wanted, ...(withRest ? this.rest.wanted : {}) },
    );
    const plan = withRest ? this.rest.judged(wholePlan, liveRest, now) : wholePlan;
    owned.save();
    const count = all && [...all.keys()].filter((id) => !owned.paths.has(id)).length;
    return { plan, live, count, considered };
  }

  /** What is as it should be was left so by us: what differs later, others did. */
  #settle({ plan, live, considered }: Draft): void {
    const differing = new Set(plan.map(serviceOf));
    for (const id of considered) {
      if (differing.has(id)) continue;
      this.backoff.succeeded(id);
      const kept = this.world.keeping.get(id);
      if (kept && live.has(id)) kept.trusted = true;
    }
  }

  #read(id: string, all: ReturnType<LiveReader['services']> | undefined): LiveService | undefined {
    if (!all) return this.#reader.service(this.roster.get(id)!.service.service.key);
    const service = all.get(id);
    return service && this.#reader.withServers(service);
  }

  #wanted(id: string, live: LiveService | undefined, now: number): ServiceState | 'hands-off' {
    const found = this.roster.get(id)!;
    const { judge, keeping, owned } = this.world;
    this.#leaving.delete(id);
    // Whoever has it from now on may go on with it when the document no longer names it.
    if (found.service.owner === 'report' && owned.has(id)) this.#disown(id);
    const verdict = judge.judge(found, live, owned.services, now);
    if (verdict === 'hands-off') return 'hands-off';
    if (verdict === 'taken') {
      const names = new Set(found.members.map(({ serverId }) => serverId));
      if (found.service.sorry) names.add(serverName(found.service.sorry));
      const theirs = live?.servers.map(serverName).filter((name) => names.has(name)) ?? [];
      if (!found.pathOf) owned.take(id);
      owned.own(withOwned(owned.services, id, theirs));
    }
    return keeping.wanted(found, keeping.get(id)!, live, owned.services, now);
  }

  /** What is left of a service of ours that the document no longer has. */
  #remainder(id: string, live: LiveService | undefined, now: number): ServiceState | 'hands-off' | undefined {
    const { keeping, owned } = this.world;
    keeping.forget(id);
    if (!live) {
      this.#disown(id);
      return 'hands-off';
    }
    if (!this.#leaving.has(id)) this.leave(id, owned.paths.has(id) ? 0 : undefined);
    const { state, ours } = leavingService(live, owned.services.get(id)!, this.#leaving.get(id)!, now);
    if (state && !ours && state.servers.length === live.servers.length) {
      this.#disown(id);
      return 'hands-off';
    }
    return state;
  }

  #disown(id: string): void {
    this.#leaving.delete(id);
    this.world.owned.disown(id);
  }

  async #send({ plan, live, count }: Draft): Promise<Sending> {
    if (plan.length === 0) return { made: [], refused: [] };
    const { owned } = this.world;
    owned.own(ownedBefore(owned.services, plan));
    owned.save();
    const sending = await sendPlan(plan, this.world.client, {
      count,
      isSpare: (id) => owned.paths.has(id),
      isDead: (planned) => this.#isDead(planned),
      pause: () => this.world.pause(),
    });
    const certain = sending.made.filter((one) => one.certain);
    this.sent += certain.length;
    this.rest.sent(certain.map(({ planned }) => planned));
    this.refused += sending.refused.length;
    const { events, keeping } = this.world;
    if (sending.lastKept === undefined) events.end('last');
    else {
      events.alarm(
        'last',
        `${sending.lastKept} is no longer wanted, but stays: without any service the kernel resets connections`,
      );
    }
    const after = afterSending(sending, owned.services, live, keeping);
    owned.own(after.owned);
    owned.save();
    for (const id of after.clean) this.backoff.succeeded(id);
    for (const [id, servers] of after.strangers) {
      const found = this.roster.get(id)!;
      for (const server of servers) {
        this.world.judge.repair(
          found,
          `server ${server}`,
          `${server} was added`,
          undefined,
          this.world.now(),
        );
      }
    }
    return sending;
  }

  #isDead(planned: PlannedChange): boolean {
    const { change } = planned;
    if (change.kind !== 'delete-server') return false;
    return this.world.keeping.get(serviceOf(planned))?.places.get(serverName(change.server)) === 'out';
  }
}
