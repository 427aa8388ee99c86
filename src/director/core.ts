/** The parts of the daemon put together: what happens goes in, marks and events come out. */
import type { Configuration } from '../model/director';
import { Announcer } from './announce';
import { Sight } from './blind';
import { Book, type ServerRecord } from './book';
import { Certificates } from './certificate';
import { Checked } from './checked';
import type { Combined } from './combine';
import { Contest } from './contest';
import { Events } from './events';
import { Generations } from './generations';
import { Judge } from './judge';
import { Keeping } from './keeping';
import { Lag } from './lag';
import { LateAlarm } from './late-alarm';
import { Loop } from './loop';
import { markedRoster } from './marked-roster';
import type { DirectorOptions } from './options';
import { Overrides } from './overrides';
import { OwnFaults } from './own-faults';
import { nothingOwned, OwnedRecord } from './owned-record';
import { guarded } from './path-guard';
import { type PassReport, Reconciler, type Scope } from './reconcile';
import { resyncOf } from './resync';
import { type Member, type Roster, rosterOf } from './roster';
import { type Job, Runner } from './runner';
import { Saver } from './saver';
import { Standing } from './standing';
import type { SavedState } from './start';
import { ownedFormat } from './state-files';
import { Store } from './store';
import { TableLock } from './table-lock';
import type { RoleWishes, TimedResult } from './types';
import type { World } from './world';

const TICK = 1000;
const CHECKS = 1000;

export class Core {
  configuration: Configuration;
  roster: Roster;
  readonly events: Events;
  readonly store: Store;
  readonly certificates: Certificates;
  readonly faults: OwnFaults;
  readonly owned: OwnedRecord;
  readonly overrides: Overrides;
  readonly generations: Generations;
  readonly sight: Sight;
  readonly book: Book;
  readonly runner: Runner;
  readonly keeping: Keeping;
  readonly contest = new Contest();
  readonly judge: Judge;
  readonly reconciler: Reconciler;
  readonly loop: Loop;
  readonly lag: Lag;
  readonly started: number;
  readonly announcer: Announcer;
  readonly saver: Saver;
  /** Is called every second. */
  onTick: () => void = () => {};
  readonly #standing: Standing;
  readonly #checked: Checked;
  readonly #lateAlarm = new LateAlarm();
  /** From one pass over the whole table to the next. */
  #resync = 0;
  #lookAgain = false;
  #cancelTick: () => void = () => {};
  stopped = false;
  /** How long the last pass over the whole table took. */
  passDuration = 0;

  constructor(
    readonly world: World,
    readonly options: DirectorOptions,
    configuration: Configuration,
    saved: SavedState,
  ) {
    const now = () => world.now();
    const wallClock = () => world.wallClock();
    this.started = now();
    this.configuration = configuration;
    this.#standing = new Standing(
      () => ({ world, events: this.events, rest: this.reconciler.rest }),
      configuration,
    );
    this.roster = rosterOf(configuration);
    this.events = new Events(
      { now, wallClock, notify: (event) => this.#standing.notify(event) },
      saved.events,
    );
    this.store = new Store(world, this.events);
    this.certificates = new Certificates(this.events, wallClock);
    this.faults = new OwnFaults(this.events);
    this.owned = new OwnedRecord(saved.owned ?? nothingOwned, (record) => {
      this.store.save('owned', ownedFormat, record);
    });
    this.overrides = new Overrides({ now, wallClock }, saved.overrides);
    this.generations = new Generations(world, this.store, saved.generations);
    this.lag = new Lag(world);
    const sightEvents = {
      blind: () => this.announcer.blind(),
      sighted: () => {
        this.book.forgetFailures();
        this.announcer.sighted();
      },
      note: (text: string) => this.events.tell('note', text),
    };
    this.sight = new Sight(world, sightEvents, saved.health?.gateway);
    this.book = new Book({
      sight: this.sight,
      sha256: (text) => world.sha256(text),
      identity: (check, target) => options.identity(check, target),
      changed: (record, was) => this.#changed(record, was),
    });
    this.runner = new Runner(
      guarded(world, {
        kept: (id) => this.keeping.get(id),
        roster: () => this.roster,
        missing: (id) => this.loop.mark(new Set([id])),
      }),
      {
        heard: (job, result, { late }) => this.#heard(job, result, late),
        delayOf: (job) => this.book.delayOf(job, world.now()),
        lateSince: (moment) => this.lag.since(moment),
      },
      options.checks ?? CHECKS,
    );
    this.keeping = new Keeping({
      book: this.book,
      overrides: this.overrides,
      savedQuorum: saved.health?.quorum,
      resync: () => this.#resync,
      quorumChanged: (found, has) => this.announcer.quorumChanged(found, has),
    });
    const { store, book, overrides, keeping, events, contest, owned, sight } = this;
    const pause = () => this.pause();
    const parts = { store, book, overrides, keeping, events, contest, owned, sight, now, pause };
    this.saver = new Saver(parts);
    this.#checked = new Checked({ ...parts, runner: this.runner, kept: [this.faults, this.certificates] });
    this.judge = new Judge({
      ...parts,
      byHand: (member) => this.adminChanged([member]),
      repaired: () => {
        this.#lookAgain = true;
      },
    });
    this.reconciler = new Reconciler({
      ...parts,
      client: world.client,
      lock: new TableLock(world, events),
      judge: this.judge,
    });
    this.loop = new Loop({
      after: (milliseconds, then) => world.after(milliseconds, then),
      pass: (scope) => this.#pass(scope),
      resync: () => this.#resync,
    });
    this.announcer = new Announcer({
      ...parts,
      job: (key) => this.runner.job(key),
      nameOf: (id) => this.nameOf(id),
      isWaiting: (id) => this.reconciler.backoff.has(id),
    });
    for (const problem of saved.problems) this.events.alarm(`read ${problem}`, problem);
  }

  /** Takes another configuration into use. What is known of its servers stays known. */
  use(configuration: Configuration, saved?: SavedState): void {
    const former = this.roster;
    this.configuration = configuration;
    this.roster = markedRoster(configuration, {
      owned: this.owned,
      events: this.events,
      client: this.world.client,
    });
    for (const [id, { service }] of former) {
      if (!this.roster.has(id)) this.reconciler.leave(id, service.removeAfter);
    }
    this.reconciler.roster = this.roster;
    this.#standing.use(configuration);
    this.reconciler.backoff.clear();
    this.sight.use(configuration.gateway);
    this.book.update(this.roster, this.world.now(), ({ id }) => saved?.health?.servers.get(id));
    for (const id of [...this.judge.contested]) this.judge.pardon(id);
    for (const name of this.judge.conflicts.keys()) if (!this.roster.has(name)) this.judge.absolve(name);
    if (this.overrides.follow(this.roster).length > 0) this.saver.overrides();
    this.#resync = resyncOf(this.roster);
    this.#checked.use(this.world.now());
    this.saver.healthChanged();
    this.options.using?.(configuration);
  }

  async setRole(wishes: RoleWishes, text: string): Promise<void> {
    this.#standing.setRole(wishes, text);
    this.reconciler.backoff.wake('', this.world.now());
    await this.loop.full();
  }

  start(): void {
    this.loop.start();
    this.loop.mark('all');
    this.#tickLater();
  }

  /** The admin states of these servers may have changed. */
  adminChanged(members: readonly Member[]): void {
    this.saver.overrides();
    this.#checked.use(this.world.now());
    this.loop.mark(new Set(members.map(({ serviceId }) => serviceId)));
  }

  /** The name of a service in messages. */
  nameOf(id: string): string {
    return this.roster.get(id)?.service.name ?? (id || 'the table');
  }

  /** Ends what has not been started. */
  abandon(): void {
    this.stopped = true;
    this.runner.stop();
    this.lag.stop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.#cancelTick();
    this.runner.stop();
    this.sight.stop();
    await this.loop.stop();
    this.lag.stop();
    // A disk that was full may have room by now: this is the last occasion.
    this.store.retry();
    this.saver.lastHealth();
    this.saver.events();
  }

  #heard(job: Job, result: TimedResult, late: number): void {
    this.book.heard(job, result, late, this.world.now());
    this.certificates.heard(job, result);
    this.faults.heard(job, result);
  }

  #changed(record: ServerRecord, was: Combined): void {
    this.reconciler.backoff.wake(record.member.serviceId, this.world.now());
    this.loop.mark(new Set([record.member.serviceId]));
    this.saver.healthChanged();
    this.announcer.changed(record, was);
  }

  async #pass(scope: Scope): Promise<PassReport> {
    const { sent } = this.reconciler;
    const begun = this.world.now();
    const report = await this.reconciler.pass(scope);
    if (scope === 'all') this.passDuration = this.world.now() - begun;
    this.announcer.passed(report);
    if (report.failure !== undefined) this.#lookAgain = true;
    // What has just been drained may be empty already.
    if (this.reconciler.sent > sent && this.reconciler.isLeaving) this.loop.mark('all');
    return report;
  }

  /** Lets other work go on. @returns whether to stop. */
  pause(): Promise<boolean> {
    return new Promise((resolve) => {
      this.world.after(0, () => resolve(this.stopped));
    });
  }

  #tickLater(): void {
    this.#cancelTick = this.world.after(TICK, () => {
      this.#tickLater();
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.world.now();
    const expired = new Set(this.overrides.expire());
    if (expired.size > 0) {
      this.adminChanged(
        [...this.book.records].map(({ member }) => member).filter(({ id }) => expired.has(id)),
      );
    }
    const due = [...this.keeping.due(now), ...this.reconciler.backoff.due(now)];
    if (this.#lookAgain || due.includes('')) this.loop.mark('all');
    else if (due.length > 0) this.loop.mark(new Set(due));
    this.#lookAgain = false;
    this.runner.sweep();
    this.sight.tick();
    this.#lateAlarm.tick(this.events, this.book.lateResults, now);
    this.contest.sweep(now);
    this.store.retry();
    this.saver.tick();
    this.onTick();
  }
}
