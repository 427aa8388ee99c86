/**
 * Failover by VRRP, which keepalived speaks. It elects and does nothing else: this process puts the
 * VIPs on, with a lifetime.
 *
 * What keeps the VIPs on exactly one director:
 * - This process dead or frozen: the kernel takes the VIPs within 3 s, and the guard ends keepalived
 *   after 2.5 s, which says so to the others. A frozen standby is no candidate for the same reason.
 * - It moves again after a pause: nothing that it knew counts; it asks before it renews the VIPs.
 * - keepalived dead: its end is noticed within 0.25 s, and the VIPs are released. keepalived frozen:
 *   another director takes over and is seen at the VIPs, or says that it leads: then it is asked, and
 *   ended when it does not answer.
 */
import type { KeepalivedSettings } from '../../model/ha';
import { Alarms } from '../alarms';
import { Announcing } from '../announcing';
import type { HaEngine, HaListener, HaOutcome, HaStatus, NewEngine, Role } from '../types';
import { Watching } from '../watching';
import type { HaWorld } from '../world';
import { configurationOf, INSTANCE } from './configuration';
import type { KeepalivedHost } from './host';
import { Keeper } from './keeper';
import type { VrrpState } from './lines';
import { Overlap } from './overlap';
import { PAUSE, Possession } from './possession';
import { priorityOf } from './priority';
import { Reluctance } from './reluctance';

const TICK = 250;
/** The lifetime of the VIPs in seconds, and the milliseconds between two renewals. */
const LIFETIME = 3;
const RENEWAL = 1000;
/** What a restart of the daemon may take: the guard is as patient. */
const RESTART = 10;
/** Within which another director takes over when this one wants it. */
const HAND_OVER = 5000;
/** How long a director that has resigned does not want the VIPs. */
const RESIGNED = 60_000;
/** How long a director that has just started preempts nobody: it gets the connections meanwhile. */
const SETTLING = 10_000;

export interface KeepalivedOptions {
  readonly settings: KeepalivedSettings;
  /** Of this director. */
  readonly name: string;
  readonly interface: string;
  readonly preempt: boolean;
}

export function keepalivedEngine(options: KeepalivedOptions, host: KeepalivedHost): NewEngine {
  return (world, listener) => new KeepalivedEngine(options, host, world, listener);
}

class KeepalivedEngine implements HaEngine {
  #role: Role = 'unfit';
  #since: number;
  #vrrp: VrrpState = 'stopped';
  /** Whether what keepalived said last is known to hold still. */
  #sure = true;
  #tickAt: number;
  #resigning: ((done: boolean) => void) | undefined;
  #stopped = false;
  #endTick = () => {};
  #endListening = () => {};
  /** Before keepalived has said anything: whether the former process of this daemon led. */
  #led = false;
  readonly #alarms: Alarms;
  readonly #vips: Possession;
  readonly #announcing: Announcing;
  readonly #watching: Watching;
  readonly #keeper: Keeper;
  readonly #overlap: Overlap;
  readonly #reluctance: Reluctance;

  constructor(
    readonly options: KeepalivedOptions,
    readonly host: KeepalivedHost,
    readonly world: HaWorld,
    readonly listener: HaListener,
  ) {
    const { settings, name } = options;
    this.#since = this.#tickAt = world.now();
    this.#alarms = new Alarms(listener);
    this.#vips = new Possession(world, this.#alarms);
    this.#announcing = new Announcing(world);
    this.#overlap = new Overlap(world);
    this.#reluctance = new Reluctance(world);
    this.#watching = new Watching({
      world,
      silent: () => host.silent(settings.peers ?? []),
      duplicate: (text) => this.#duplicate(text),
      unseen: (text) => this.#alarms.set('peers', text),
    });
    this.#keeper = new Keeper({
      world,
      host,
      instance: INSTANCE,
      configuration: () => configurationOf({ settings, name, interface: options.interface }, host),
      writePriority: (nudged) => this.#writePriority(nudged),
      state: (state, reason) => this.#heard(state, reason),
      rival: () => this.#duplicate('another director with a lower priority leads, too'),
      problem: (text) => this.#alarms.set('keepalived', text),
    });
  }

  status(): HaStatus {
    return {
      engine: 'keepalived',
      name: this.options.name,
      role: this.#role,
      since: this.#since,
      leader: this.#role === 'leader' ? this.options.name : undefined,
      duplicate: this.#alarms.has('duplicate'),
      problems: this.#alarms.texts,
    };
  }

  start(): void {
    if (this.options.preempt) this.#reluctance.last(SETTLING);
    void this.#begin();
  }

  async resign(): Promise<HaOutcome> {
    if (this.#vrrp !== 'master') return { ok: false, problem: 'this director does not lead' };
    if (this.#resigning) return { ok: false, problem: 'it is handing over already' };
    if (await this.#handOver()) return { ok: true, text: 'another director leads' };
    this.#reluctance.end();
    this.#keeper.reorder();
    const ended = 'keepalived ended meanwhile: this director does not lead';
    if (this.#vrrp !== 'master') return { ok: false, problem: ended };
    return {
      ok: false,
      problem: `no other director took over within ${HAND_OVER / 1000} s: this one leads still`,
    };
  }

  setFitness(problem: string | undefined): void {
    if (problem === this.#reluctance.unfit) return;
    this.#reluctance.unfit = problem;
    this.#alarms.set('fitness', problem);
    this.#keeper.reorder();
    if (this.#vrrp === 'backup') this.#follow('backup', problem ?? 'it is fit again');
  }

  async stop({ handOver }: { readonly handOver: boolean }): Promise<void> {
    if (this.#stopped) return;
    if (handOver && this.#vrrp === 'master' && !this.#resigning) await this.#handOver();
    this.#stopped = true;
    if (!handOver && this.#vrrp === 'master' && this.#sure) this.#hold(RESTART);
    this.#keeper.end(!handOver);
    this.#endTick();
    this.#endListening();
    this.#announcing.end();
    this.#watching.end();
    if (this.#overlap.end() || handOver) this.#vips.release();
  }

  async #begin(): Promise<void> {
    const { host } = this;
    try {
      await host.prepare();
    } catch (error) {
      this.#alarms.set('keepalived', (error as Error).message);
    }
    if (this.#stopped) return;
    this.#endListening = host.listen(
      host.paths.fifo,
      (text) => this.#keeper.hear(text),
      (problem) => this.#alarms.set('fifo', problem),
    );
    this.#led = this.world.readState() === 'leader';
    this.#keeper.begin();
    this.#led = false;
    this.#tickAt = this.world.now();
    this.#tick();
  }

  /** @returns whether that changes it. */
  #writePriority(nudged: boolean): boolean {
    const { settings, preempt } = this.options;
    const unfit = this.#reluctance.wanted;
    const leads = this.#led || this.#vrrp === 'master';
    try {
      const priority = priorityOf(settings.priority, { leads, unfit, preempt, nudged });
      const changed = this.host.addToPriority(priority - settings.priority);
      this.#alarms.set('priority', undefined);
      return changed;
    } catch (error) {
      this.#alarms.set('priority', `the priority cannot be written: ${(error as Error).message}`);
      return true;
    }
  }

  #tick(): void {
    const now = this.world.now();
    const pause = now - this.#tickAt;
    this.#tickAt = now;
    this.#endTick = this.world.after(TICK, () => this.#tick());
    if (pause > PAUSE) this.#stoodStill();
    this.#keeper.tick();
    if (this.#reluctance.lapsed()) this.#keeper.reorder();
    if (this.#vrrp === 'master' && this.#sure && this.#vips.age >= RENEWAL - TICK / 2) {
      this.#lead('the VIPs can be put on again');
    }
  }

  #stoodStill(): void {
    this.#sure = false;
    if (this.#vrrp === 'master') this.#keeper.ask();
  }

  #heard(state: VrrpState, reason: string): void {
    if (this.#stopped) return;
    this.#sure = true;
    const before = this.#vrrp;
    const relieved = this.#role === 'leader' && state === 'backup' && this.#reluctance.wanted;
    this.#vrrp = state;
    if (!relieved) this.#overlap.end();
    if (state === 'master') this.#lead(reason);
    else if (relieved) this.#overlap.begin(() => this.#follow(state, reason));
    else this.#follow(state, reason);
    if (state !== 'stopped' && (state === 'master') !== (before === 'master')) this.#keeper.reorder();
  }

  #lead(reason: string): void {
    const news = this.#role !== 'leader' || this.#vips.age > LIFETIME * 1000;
    if (!this.#hold(LIFETIME)) return;
    if (!news) return;
    this.#announcing.begin();
    if (this.#role === 'leader') return;
    this.#watching.begin();
    this.#change('leader', reason);
  }

  /** keepalived does not lead: neither does this director. */
  #follow(state: VrrpState, reason: string): void {
    this.#announcing.end();
    this.#watching.end();
    this.#vips.release();
    this.#resigning?.(state === 'backup');
    const role = state === 'backup' && this.#reluctance.unfit === undefined ? 'standby' : 'unfit';
    this.#change(role, state === 'fault' ? 'keepalived cannot use the interface' : reason);
  }

  /** @returns whether they are on. */
  #hold(seconds: number): boolean {
    const outcome = this.#vips.hold(seconds, this.#tickAt);
    if (outcome === 'late') this.#stoodStill();
    else if (outcome === 'refused') this.#cannotHold();
    return outcome === 'held';
  }

  /** Another director may be able to. */
  #cannotHold(): void {
    this.#announcing.end();
    this.#change('unfit', 'the VIPs cannot be put on');
    this.#reluctance.last(RENEWAL * 2);
    this.#keeper.reorder();
  }

  /** Lets another director take over while this one serves. @returns whether one has. */
  #handOver(): Promise<boolean> {
    this.#reluctance.last(this.options.preempt ? RESIGNED : HAND_OVER);
    this.#keeper.reorder();
    return new Promise((resolve) => {
      const end = (done: boolean) => {
        cancel();
        this.#resigning = undefined;
        resolve(done);
      };
      const cancel = this.world.after(HAND_OVER, () => end(false));
      this.#resigning = end;
    });
  }

  #duplicate(text: string | undefined): void {
    this.#alarms.set('duplicate', text);
    if (text === undefined) return;
    // Perhaps keepalived hangs, and the other one leads rightly.
    this.#keeper.ask();
    this.#announcing.conflict();
  }

  #change(role: Role, reason: string): void {
    if (role === this.#role) return;
    this.#role = role;
    this.#since = this.world.now();
    try {
      this.world.writeState(role);
    } catch {
      // A restart begins as a standby.
    }
    this.listener.role(role, reason);
  }
}
