/** The key of the leader as this director has it, and the VIPs that come and go with it. */
import type { Alarms } from '../alarms';
import type { HaWorld } from '../world';
import { Holding } from './holding';
import { SKEW, Tenure } from './lease';
import type { Keys, LastLeader } from './records';
import type { EtcdStore } from './store';
import { giveUpLeadership, takeLeadership } from './transactions';

/** Milliseconds after something that failed. */
const RETRY = 200;
/** Milliseconds for which a director that hands over serves on at most, so that the other one can come first. */
export const SERVE_ON = 600;
/** The same when the other one has the key: it puts the VIPs on, and tells the neighbours. */
export const UNTIL_TOLD = 150;

/** The key of the leader, created in a revision by this director. */
export interface Own {
  readonly created: bigint;
  /** Before this time the VIPs of the former leader may be on. */
  readonly holdFrom: number;
  /** The VIPs are off, or on for a last moment, and the key goes. */
  readonly leaving: boolean;
}

/** That there is no key: since when, and who led before. */
export interface Absence {
  readonly since: number;
  readonly last: LastLeader | undefined;
}

export interface LeadershipEvents {
  /** The VIPs have come, or are gone. */
  changed(reason: string): void;
  /** The VIPs could not be put on. */
  broken(problem: string): void;
  /** What a restart has to know has changed. */
  save(): void;
  /** The key was given up. */
  left(): void;
}

export class Leadership {
  readonly tenure = new Tenure();
  readonly #holding: Holding;
  own: Own | undefined;
  #leading = false;
  /** Ends the time for which this director serves on although it hands over. */
  #servesOn: { readonly reason: string; cancel(): void; told: boolean } | undefined;

  constructor(
    readonly world: HaWorld,
    readonly store: EtcdStore,
    readonly keys: Keys,
    readonly name: string,
    readonly alarms: Alarms,
    readonly events: LeadershipEvents,
  ) {
    this.#holding = new Holding(world, this.tenure, {
      extend: () => void this.hold(),
      expire: () => {
        if (this.#leading) this.#drop('etcd has not answered for the life of the lease');
      },
    });
  }

  /** The VIPs are on. */
  get leading(): boolean {
    return this.#leading;
  }

  /** Whether the VIPs are off, for sure. */
  get off(): boolean {
    return this.world.now() >= this.#holding.offBy;
  }

  /** The key is there, and is this director's; it may be news to it. @returns milliseconds until the next step. */
  async keep(created: bigint, wanted: boolean, trustedFrom: number): Promise<number> {
    // A request whose answer was lost, or that came late.
    this.own ??= { created, holdFrom: this.world.now() + SKEW, leaving: !wanted };
    if (this.own.leaving) return await this.leave('the VIPs were given up');
    const wait = Math.max(this.own.holdFrom, trustedFrom) - this.world.now();
    if (!this.#leading && wait > 0) return wait;
    return this.hold() ? Number.POSITIVE_INFINITY : RETRY;
  }

  /** There is no key. @returns milliseconds until the next step. */
  async take(lease: string, absence: Absence, trustedFrom: number): Promise<number> {
    const taken = await takeLeadership(this.store, this.keys, this.name, lease);
    if (taken.kind !== 'taken') return taken.kind === 'late' ? 0 : RETRY;
    const now = this.world.now();
    const { created, last } = taken;
    // Nobody has led since the key was seen to be gone.
    const gone = last?.modified === absence.last?.modified ? absence.since : now;
    this.own = { created, holdFrom: last?.released ? now : gone + SKEW, leaving: false };
    return await this.keep(taken.created, true, trustedFrom);
  }

  /** Puts the VIPs on for what the lease allows. @returns whether they are. */
  hold(): boolean {
    if (!this.own || this.own.leaving) return false;
    const held = this.#holding.hold();
    if (held.kind === 'on') {
      this.alarms.set('vips', undefined);
      if (!this.#leading) this.#change(true, 'this director has the key in etcd');
      return true;
    }
    if (held.kind === 'failed') {
      this.alarms.set('vips', `the VIPs cannot be put on: ${held.problem}`);
    }
    // They may be on for a while from before.
    if (this.#holding.on) return false;
    if (held.kind === 'failed') this.events.broken(held.problem);
    this.#drop(held.kind === 'failed' ? held.problem : 'the lease may have ended');
    return false;
  }

  /** The key is not this director's any more. */
  lose(reason: string): void {
    this.own = undefined;
    this.tenure.ended();
    this.#drop(reason);
  }

  /** Gives up the key, and the VIPs a moment later. @returns milliseconds until the next step. */
  async leave(reason: string): Promise<number> {
    if (!this.own) return 0;
    if (!this.own.leaving) {
      // A request to delete the key may come late: a restart must not put the VIPs on again before it.
      this.own = { ...this.own, leaving: true };
      this.events.save();
      if (this.#leading && this.#holding.shorten()) this.#serveOn(reason, SERVE_ON, false);
    }
    if (!this.#servesOn) {
      this.#drop(reason);
      // What cannot be taken away ends by itself; the lease is renewed until then.
      if (!this.off) return RETRY;
    }
    const answer = await giveUpLeadership(this.store, this.keys, this.name, this.own.created);
    if (!answer.ok) return RETRY;
    this.own = undefined;
    this.events.left();
    return 0;
  }

  /** Another director has the key. */
  relieved(): void {
    if (this.#servesOn && !this.#servesOn.told) this.#serveOn(this.#servesOn.reason, UNTIL_TOLD, true);
  }

  /** Goes on after a restart of the daemon. */
  resume(own: Own, leading: boolean): void {
    this.own = own;
    if (leading) this.hold();
  }

  /** The daemon ends, and may start again in the lifetime of the VIPs. */
  suspend(): void {
    if (this.#leading && !this.#servesOn) this.#holding.hold();
    this.#holding.disarm();
  }

  #serveOn(reason: string, milliseconds: number, told: boolean): void {
    this.#servesOn?.cancel();
    const cancel = this.world.after(milliseconds, () => this.#drop(reason));
    this.#servesOn = { reason, cancel, told };
  }

  #drop(reason: string): void {
    this.#servesOn?.cancel();
    this.#servesOn = undefined;
    const failed = this.#holding.release();
    if (failed) this.alarms.set('vips', `the VIPs cannot be taken away: ${failed.problem}`);
    if (this.#leading) this.#change(false, reason);
  }

  #change(leading: boolean, reason: string): void {
    this.#leading = leading;
    this.events.save();
    this.events.changed(reason);
  }
}
