/**
 * Runs checks when they are due: equal ones once, never two of the same at the same time, none all at
 * once. What they find goes to `heard`; when they are due next, `delayOf` says.
 */
import type { Check, CheckResult } from '../model/check';
import type { CheckTarget } from '../model/director';
import type { NextDelay } from './health';
import type { TimedResult } from './types';
import type { World } from './world';

/** The results that are kept of a check. */
const KEPT = 20;
/** The first checks are spread over this time. */
const FIRST_WITHIN = 1000;
/** Intervals are shorter by up to so much, so that checks do not march in step: none is ever longer. */
const JITTER = 0.1;
/** When the loop was late many are due at once: after so many other work gets its turn. */
const STARTS_A_TURN = 50;
/** A check that has not ended after twice its limit and this never will. */
const GRACE = 5000;

/** A check of a real server: one of possibly several that are equal. */
export interface CheckUse {
  /** The same for checks of which one run serves all. */
  readonly key: string;
  readonly check: Check;
  readonly target: CheckTarget;
}

/** A check that is run, for all that are equal to it. */
export interface Job {
  readonly key: string;
  readonly check: Check;
  readonly target: CheckTarget;
  /** The last results, newest first. */
  readonly results: readonly TimedResult[];
  /** When it runs next, in monotonic milliseconds; undefined while it runs. */
  readonly due: number | undefined;
}

interface OwnJob extends Job {
  check: Check;
  target: CheckTarget;
  results: TimedResult[];
  due: number | undefined;
  cancel: () => void;
  run?: { readonly since: number; readonly result: Promise<TimedResult>; readonly end: End } | undefined;
  gone: boolean;
}

type End = (result: CheckResult) => void;

export interface RunnerEvents {
  /** `late`: the largest delay of the event loop while the check ran. */
  heard(job: Job, result: TimedResult, run: { readonly late: number; readonly began: number }): void;
  delayOf(job: Job): NextDelay;
  lateSince(moment: number): number;
}

export type RunnerWorld = Pick<World, 'now' | 'wallClock' | 'after' | 'random' | 'check'>;

export class Runner {
  readonly #jobs = new Map<string, OwnJob>();
  readonly #waiting: OwnJob[] = [];
  #running = 0;
  #starts = 0;
  #stopped = false;

  /** @param most how many checks run at the same time. */
  constructor(
    readonly world: RunnerWorld,
    readonly events: RunnerEvents,
    readonly most: number,
  ) {}

  job(key: string): Job | undefined {
    return this.#jobs.get(key);
  }

  get #mayStart(): boolean {
    return !this.#stopped && this.#running < this.most && this.#starts < STARTS_A_TURN;
  }

  get size(): number {
    return this.#jobs.size;
  }

  /** Runs these checks and no others. Those that ran before go on. */
  use(uses: Iterable<CheckUse>): void {
    if (this.#stopped) return;
    const left = new Set(this.#jobs.keys());
    for (const { key, check, target } of uses) {
      left.delete(key);
      const known = this.#jobs.get(key);
      if (known) Object.assign(known, { check, target });
      else this.#add(key, check, target);
    }
    for (const key of left) this.#remove(key);
  }

  /** Runs a check at once, or waits for it if it runs. Its result is not `heard`. */
  async now(use: CheckUse): Promise<TimedResult> {
    const job = this.#jobs.get(use.key);
    if (job?.run) return await job.run.result;
    if (!job) return this.#timed(use.check, await this.#ended(use.check, use.target));
    job.cancel();
    job.due = undefined;
    return await this.#start(job, () => {});
  }

  /** Brings the next run of a check forward, at the latest to `delay` from now. */
  hasten(key: string, delay: number): void {
    const job = this.#jobs.get(key);
    const due = this.world.now() + delay;
    if (!job || job.due === undefined || job.due <= due) return;
    job.cancel();
    this.#plan(job, delay);
  }

  /** Gives up what should have ended long ago. */
  sweep(): void {
    const now = this.world.now();
    for (const job of this.#jobs.values()) {
      if (!job.run || now - job.run.since < 2 * job.check.timeout + GRACE) continue;
      job.run.end(failure(now - job.run.since, 'the check did not end within its time limit'));
    }
  }

  stop(): void {
    this.#stopped = true;
    for (const key of [...this.#jobs.keys()]) this.#remove(key);
  }

  #add(key: string, check: Check, target: CheckTarget): void {
    const job: OwnJob = { key, check, target, results: [], due: undefined, cancel: () => {}, gone: false };
    this.#jobs.set(key, job);
    this.#plan(job, this.world.random() * FIRST_WITHIN);
  }

  #remove(key: string): void {
    const job = this.#jobs.get(key);
    if (!job) return;
    job.cancel();
    job.gone = true;
    this.#jobs.delete(key);
  }

  #plan(job: OwnJob, delay: number): void {
    job.due = this.world.now() + delay;
    job.cancel = this.world.after(delay, () => {
      job.due = undefined;
      if (this.#mayStart) this.#run(job);
      else this.#waiting.push(job);
    });
  }

  #run(job: OwnJob): void {
    const began = this.world.now();
    this.#starts += 1;
    if (this.#starts === STARTS_A_TURN) this.world.after(0, () => this.#nextTurn());
    this.#start(job, (result) => {
      this.events.heard(job, result, { late: this.events.lateSince(began), began });
    });
  }

  /** Starts a check. @param heard gets its result, unless the check is gone by then. */
  #start(job: OwnJob, heard: (result: TimedResult) => void): Promise<TimedResult> {
    const { check, target } = job;
    const since = this.world.now();
    this.#running += 1;
    let end: End = () => {};
    const given = new Promise<CheckResult>((resolve) => {
      end = resolve;
    });
    this.#ended(check, target).then(end);
    const result = given.then((found) => {
      this.#running -= 1;
      job.run = undefined;
      const timed = this.#timed(check, found);
      if (!job.gone) {
        job.results = [timed, ...job.results.slice(0, KEPT - 1)];
        heard(timed);
        this.#plan(job, this.#delay(job, since));
      }
      this.#next();
      return timed;
    });
    job.run = { since, result, end };
    return result;
  }

  /** A world's check never rejects; if one does, that says nothing about the server. */
  #ended(check: Check, target: CheckTarget): Promise<CheckResult> {
    return this.world
      .check(check, target)
      .catch((error: unknown) => failure(0, `the check failed by itself: ${error}`));
  }

  #nextTurn(): void {
    this.#starts = 0;
    this.#next();
  }

  #next(): void {
    while (this.#mayStart) {
      const job = this.#waiting.shift();
      if (!job) return;
      if (!job.gone && !job.run && job.due === undefined) this.#run(job);
    }
  }

  /** Intervals count from the beginning of a check, breaks between repeated ones from its end. */
  #delay(job: OwnJob, began: number): number {
    const { delay, certain } = this.events.delayOf(job);
    const whole = delay * (1 - JITTER * this.world.random());
    if (!certain) return whole;
    return Math.max(whole - (this.world.now() - began), Math.min(whole, job.check.fast));
  }

  #timed(check: Check, result: CheckResult): TimedResult {
    return { ...result, check: check.name ?? check.type, at: this.world.wallClock() };
  }
}

function failure(duration: number, message: string): CheckResult {
  return { ok: false, stage: 'run', duration, message, ours: true };
}
