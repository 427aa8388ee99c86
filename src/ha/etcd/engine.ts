/**
 * Who leads is who has a key in etcd, under a lease. lease.ts says why no two directors have the VIPs
 * at the same time. One step follows the other: a look at the store, what follows from it, a pause
 * that ends early when the store or an operator wants something.
 */
import { Alarms } from '../alarms';
import { Neighbours } from '../neighbours';
import type { HaEngine, HaListener, HaOutcome, HaStatus, Role } from '../types';
import type { HaWorld } from '../world';
import { Candidacy } from './candidacy';
import { Leadership } from './leadership';
import { Outlook } from './outlook';
import { Pause } from './pause';
import { type Facts, Publishing } from './publishing';
import { type DirectorRecord, type Keys, keysOf } from './records';
import { Resignation } from './resignation';
import { load, save } from './saved';
import type { EtcdStore, Lease } from './store';
import { look, type View } from './view';

export interface EtcdEngineOptions {
  readonly cluster: string;
  /** Unique among the directors, without slashes. */
  readonly name: string;
  /** Milliseconds; whole seconds. */
  readonly ttl: number;
}

/** Milliseconds from the begin of a step that failed to the next. */
const RETRY = 200;
/** Milliseconds that an orderly end waits for the store at most. */
const FAREWELL = 2000;
/** The same from one look to the next whether the VIPs are off. */
const LOOK = 20;

export class EtcdEngine implements HaEngine {
  readonly #keys: Keys;
  readonly #alarms: Alarms;
  readonly #outlook: Outlook;
  readonly #candidacy: Candidacy;
  readonly #resignation: Resignation;
  readonly #publishing: Publishing;
  readonly #leadership: Leadership;
  readonly #neighbours: Neighbours;
  readonly #pause: Pause;
  #lease: Lease | undefined;
  #role: Role = 'standby';
  /** Whether anybody knows of the role. */
  #told = false;
  #since: number;
  #ended = false;
  #loop: Promise<void> | undefined;
  #unwatch: (() => void) | undefined;

  constructor(
    readonly world: HaWorld,
    readonly listener: HaListener,
    readonly store: EtcdStore,
    readonly options: EtcdEngineOptions,
  ) {
    const { name, cluster, ttl } = options;
    this.#keys = keysOf(cluster);
    this.#alarms = new Alarms(listener);
    this.#neighbours = new Neighbours(world, this.#alarms);
    this.#outlook = new Outlook(world, this.#alarms, ttl);
    this.#candidacy = new Candidacy(world);
    this.#resignation = new Resignation(world);
    this.#publishing = new Publishing(world, store, this.#keys, name, this.#alarms, ttl);
    this.#pause = new Pause(world);
    this.#leadership = new Leadership(world, store, this.#keys, name, this.#alarms, {
      changed: (reason) => this.#setRole(reason),
      broken: (problem) => {
        this.#candidacy.broken(problem);
        this.#setRole(problem);
      },
      save: () => this.#save(),
      left: () => this.#candidacy.cool(),
    });
    this.#since = world.now();
  }

  status(): HaStatus {
    const { name } = this.options;
    return {
      engine: 'etcd',
      name,
      role: this.#role,
      since: this.#since,
      leader: this.#leadership.leading ? name : this.#outlook.view?.leader?.name,
      duplicate: this.#alarms.has('duplicate'),
      problems: this.#alarms.texts,
    };
  }

  /** What all directors that are there say about themselves. */
  directors(): readonly DirectorRecord[] {
    const { directors = [] } = this.#outlook.view ?? {};
    return directors.map(({ key: _, text: _text, lease: _lease, modified: _modified, ...record }) => record);
  }

  /** What this director says about itself beside its role. */
  publish(facts: Facts): void {
    this.#publishing.facts = facts;
    this.#pause.end();
  }

  start(): void {
    this.#resume();
    this.#unwatch = this.store.watch(this.#keys.prefix, () => this.#pause.end());
    this.#loop = this.#run();
  }

  async resign(): Promise<HaOutcome> {
    const problem = this.#cannotResign();
    if (problem !== undefined) return { ok: false, problem };
    this.#pause.end();
    return await this.#resignation.begin();
  }

  setFitness(problem: string | undefined): void {
    if (!this.#candidacy.setFitness(problem)) return;
    this.#setRole(problem ?? 'fit again');
    this.#pause.end();
  }

  async stop({ handOver }: { readonly handOver: boolean }): Promise<void> {
    this.#ended = true;
    this.#unwatch?.();
    this.#pause.end();
    await this.#loop;
    this.#resignation.end({ ok: false, problem: 'resign: the daemon ends' });
    if (handOver) await this.#farewell();
    this.#leadership.suspend();
    this.#neighbours.end();
    this.#save();
  }

  async #farewell(): Promise<void> {
    const { world } = this;
    const leadership = this.#leadership;
    const until = world.now() + FAREWELL;
    const rest = (pause: number) => new Promise<void>((resolve) => void world.after(pause, resolve));
    while (leadership.own && world.now() < until) {
      const pause = await leadership.leave('the daemon ends');
      if (leadership.own) await rest(pause);
    }
    // It serves on for a moment.
    while (leadership.leading && !leadership.own && world.now() < until) await rest(LOOK);
    if (this.#lease && !leadership.own && leadership.off) await this.store.revoke(this.#lease.id);
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      const began = this.world.now();
      const pause = await this.#step().catch((error: unknown) => this.#stumbled(error));
      // Also without an answer of the store: a standby has the connections of the leader.
      if (!this.#told) this.#setRole('it has begun');
      // A lease is renewed three times in its life.
      if (!this.#ended) await this.#pause.wait(began + Math.min(pause, this.options.ttl / 3));
    }
  }

  /** Nothing here is known to throw; if it does, the daemon goes on, and the VIPs end by themselves. */
  #stumbled(error: unknown): number {
    this.#alarms.set('engine', `a step of the election failed: ${String(error)}`);
    return RETRY;
  }

  /** @returns milliseconds from its begin to the next one. */
  async #step(): Promise<number> {
    const lease = await this.#leaseOf();
    if (!lease) return RETRY;
    const seen = await look(this.store, this.#keys, lease.id, () => this.world.now());
    switch (seen.kind) {
      case 'away':
        this.#outlook.away(seen.problem);
        return RETRY;
      case 'unsettled':
        this.#outlook.away('its members do not agree on who leads them');
        return RETRY;
      case 'lost':
        this.#leadership.lose('the lease of this director has ended in the store');
        this.#lease = undefined;
        return 0;
      case 'seen':
        this.#leadership.tenure.renewed(seen.sent, seen.seconds);
        this.#outlook.saw(seen.view);
        this.#resignation.look();
        return this.#ended ? 0 : await this.#act(seen.view, lease);
    }
  }

  async #leaseOf(): Promise<Lease | undefined> {
    if (this.#lease) return this.#lease;
    const granted = await this.store.grant(Math.ceil(this.options.ttl / 1000));
    if (granted.ok) this.#lease = granted.value;
    else this.#outlook.away(granted.problem);
    return this.#lease;
  }

  /** What follows from a view of the store. @returns milliseconds until the next step. */
  async #act(view: View, lease: Lease): Promise<number> {
    const leadership = this.#leadership;
    const mine = view.leader?.lease === lease.id ? view.leader : undefined;
    if (leadership.own && mine?.created !== leadership.own.created) {
      const why = view.leader && !mine ? `${view.leader.name} leads in the store` : 'its key is gone';
      leadership.lose(`this director does not lead any more: ${why}`);
      return 0;
    }
    if (view.leader && !mine) {
      leadership.relieved();
      this.#candidacy.warm();
      this.#resignation.end({ ok: true, text: `${view.leader.name} leads` });
    }
    const pause = mine ? await this.#keep(mine.created, view) : await this.#take(view, lease);
    const { problem } = this.#candidacy;
    if (this.#told) this.#setRole(problem ?? 'fit again');
    const ready = this.#candidacy.ready && !leadership.own;
    await this.#publishing.publish({ role: this.#role, ready, problem }, lease.id, view);
    this.#save();
    return pause;
  }

  async #keep(created: bigint, view: View): Promise<number> {
    const leadership = this.#leadership;
    const { problem, wanted } = this.#candidacy;
    const reason = problem ?? (this.#resignation.wanted ? 'an operator wanted it' : undefined);
    if (leadership.own && reason !== undefined && this.#publishing.readyOthers(view).length > 0) {
      return await leadership.leave(reason);
    }
    return await leadership.keep(created, wanted, this.#outlook.trustedFrom);
  }

  async #take(view: View, lease: Lease): Promise<number> {
    const { absentSince, trustedFrom } = this.#outlook;
    if (absentSince === undefined || !this.#candidacy.wanted) return Number.POSITIVE_INFINITY;
    const others = this.#publishing.readyOthers(view).length > 0;
    const wait = absentSince + this.#candidacy.courtesy(others) - this.world.now();
    if (wait > 0) return wait;
    return await this.#leadership.take(lease.id, { since: absentSince, last: view.last }, trustedFrom);
  }

  #cannotResign(): string | undefined {
    const { view } = this.#outlook;
    if (!this.#leadership.own || !view) {
      return `resign: this director does not lead, ${view?.leader?.name ?? 'nobody'} does`;
    }
    if (this.#resignation.wanted) return 'resign: this director is giving the VIPs up already';
    if (this.#publishing.readyOthers(view).length > 0) return undefined;
    return 'resign: no other director is ready to take over: start one, or wait until it has the connections';
  }

  #setRole(reason: string): void {
    const fit = this.#candidacy.problem === undefined;
    const role = this.#leadership.leading ? 'leader' : fit ? 'standby' : 'unfit';
    if (role === this.#role && this.#told) return;
    this.#told = true;
    this.#role = role;
    this.#since = this.world.now();
    this.#neighbours.role(role);
    this.listener.role(role, reason);
  }

  #save(): void {
    if (!this.#lease) return;
    const { id: lease, seconds } = this.#lease;
    const { cluster, name } = this.options;
    const { own, leading, tenure } = this.#leadership;
    const deadline = Math.max(0, tenure.deadline);
    try {
      save(this.world, {
        cluster,
        name,
        lease,
        seconds,
        deadline,
        own,
        leading,
        newest: this.#outlook.newest,
      });
      this.#alarms.set('state', undefined);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#alarms.set('state', `the lease cannot be recorded (${why}): a restart would give the VIPs up`);
    }
  }

  /** A daemon that starts within the life of its lease goes on where it was. */
  #resume(): void {
    const saved = load(this.world, this.options.cluster, this.options.name);
    if (!saved) return;
    this.#outlook.remember(saved.newest);
    const left = saved.deadline - this.world.now();
    if (!(left > 0 && left <= saved.seconds * 1000)) return;
    this.#lease = { id: saved.lease, seconds: saved.seconds };
    this.#leadership.tenure.renewed(saved.deadline - saved.seconds * 1000, saved.seconds);
    if (saved.leading) this.#candidacy.settle();
    if (saved.own) this.#leadership.resume(saved.own, saved.leading);
  }
}
