/** The health of all real servers: results go in, changes of state come out. */
import { needsMark } from '../model/check';
import type { CheckTarget, DirectorServer, DirectorService } from '../model/director';
import type { Sight } from './blind';
import { type Combined, combine } from './combine';
import { afterResult, type CheckHealth, initialHealth, type NextDelay, nextDelay } from './health';
import { type Member, type Roster, timingText } from './roster';
import type { CheckUse, Job } from './runner';
import { noRamp, type Ramp } from './slow-start';
import type { SavedServer } from './state-files';
import type { TimedResult } from './types';

export interface ServerRecord {
  readonly member: Member;
  /** For each check what is run, and what its health is kept by. */
  readonly uses: readonly CheckUse[];
  readonly judged: readonly string[];
  /** When a server without checks came into being. */
  readonly begun: number;
  healths: CheckHealth[];
  combined: Combined;
  ramp: Ramp;
  /** As it stands in the state file; undefined: it has changed since. */
  text?: string | undefined;
}

export interface BookWorld {
  readonly sight: Sight;
  sha256(text: string): string;
  /** A text that is the same for checks that try the same. */
  identity(check: CheckUse['check'], target: CheckTarget): string;
  /** What the combined state of a server was. */
  changed(record: ServerRecord, was: Combined): void;
}

/** What is run of the checks of a server, and what the health of each is kept by. */
type Tried = Pick<ServerRecord, 'uses' | 'judged'>;

/** A failure by the time limit says nothing if the loop was late by more than this part of the limit. */
const LATE_PART = 0.2;
/** Timers may come a little early, in milliseconds. */
const EARLY = 5;
/** What these check is on this machine: their success does not show that the network works. */
const local: ReadonlySet<string> = new Set(['file', 'script']);

export class Book {
  #records = new Map<string, ServerRecord>();
  /** Failures that were thrown away because they came while the loop was late. */
  lateResults = 0;
  /** By the keys of jobs: how many were thrown away in a row. */
  readonly #thrownAway = new Map<string, number>();
  /** Of servers that will come with the next document. */
  readonly #prepared = new WeakMap<DirectorServer, Tried>();
  /** By the texts, which many servers share. */
  readonly #digests = new Map<string, string>();
  #users = new Map<string, { readonly record: ServerRecord; readonly index: number }[]>();

  constructor(readonly world: BookWorld) {}

  get(id: string): ServerRecord | undefined {
    return this.#records.get(id);
  }

  get records(): IterableIterator<ServerRecord> {
    return this.#records.values();
  }

  /** Does the longest part of `update` before, server by server. */
  *prepare(services: readonly DirectorService[]): Generator<void> {
    for (const service of services) {
      for (const server of service.servers) {
        this.#prepared.set(server, this.#tried({ service, server }, undefined));
        yield;
      }
    }
  }

  /** Goes over to other servers. What is known of a check stays known if it is judged as before. */
  update(roster: Roster, now: number, saved?: (member: Member) => SavedServer | undefined): void {
    const former = this.#records;
    this.#records = new Map();
    this.#users = new Map();
    this.#thrownAway.clear();
    for (const { members } of roster.values()) {
      for (const member of members) {
        const old = former.get(member.id);
        const record = this.#record(member, now, old, old ? undefined : saved?.(member));
        this.#records.set(member.id, record);
        for (const [index, { key }] of record.uses.entries()) {
          const users = this.#users.get(key);
          if (users) users.push({ record, index });
          else this.#users.set(key, [{ record, index }]);
        }
      }
    }
    this.#digests.clear();
  }

  /** Takes a result in. */
  heard(job: Job, result: TimedResult, late: number, now: number): void {
    if (result.ours) return;
    const { timeout } = job.check;
    if (!result.ok && result.duration >= timeout - EARLY && late > LATE_PART * timeout) {
      this.lateResults += 1;
      this.#thrownAway.set(job.key, (this.#thrownAway.get(job.key) ?? 0) + 1);
      return;
    }
    this.#thrownAway.delete(job.key);
    const { sight } = this.world;
    if (result.ok && !local.has(job.check.type)) sight.success();
    for (const { record, index } of this.#users.get(job.key) ?? []) {
      const before = record.healths[index]!;
      const after = afterResult(before, result, now, record.uses[index]!.check);
      if (after === before) continue;
      if (!result.ok && before.state !== 'down') {
        sight.failure(after.streakSince);
        if (after.state === 'down' && !sight.allowsFall(after.streakSince)) continue;
      }
      record.healths[index] = after;
      record.text = undefined;
      this.recombine(record);
    }
  }

  /**
   * When a check is due next: as soon as one of the servers that it is of needs it. What was thrown away
   * once is tried again soon; more often would keep a late machine late.
   */
  delayOf(job: Job, now: number): NextDelay {
    const { fast, interval } = job.check;
    if (this.#thrownAway.get(job.key) === 1) return { delay: Math.min(fast, interval), certain: false };
    let soonest: NextDelay | undefined;
    for (const { record, index } of this.#users.get(job.key) ?? []) {
      const next = nextDelay(record.healths[index]!, now, record.uses[index]!.check);
      if (!soonest || next.delay < soonest.delay) soonest = next;
    }
    return soonest ?? { delay: job.check.interval, certain: true };
  }

  /** Failures of servers that have not fallen count no more. */
  forgetFailures(): void {
    for (const record of this.#records.values()) {
      record.text = undefined;
      record.healths = record.healths.map((health) =>
        health.ok === false && health.state !== 'down' ? { ...health, ok: undefined, streak: 0 } : health,
      );
    }
  }

  /** Nothing is known of a server that was not checked. */
  forgetState(record: ServerRecord, now: number): void {
    record.text = undefined;
    record.healths = record.healths.map(({ falls }) => ({ ...initialHealth('unknown', now), falls }));
    this.recombine(record);
  }

  setRamp(record: ServerRecord, ramp: Ramp): void {
    if (record.ramp === ramp) return;
    record.ramp = ramp;
    record.text = undefined;
  }

  recombine(record: ServerRecord): void {
    const was = record.combined;
    record.combined = combine(record.member.server, record.healths, record.begun);
    if (!sameCombined(was, record.combined)) this.world.changed(record, was);
  }

  #record(
    member: Member,
    now: number,
    old: ServerRecord | undefined,
    saved: SavedServer | undefined,
  ): ServerRecord {
    const { server, mark } = member;
    const prepared = mark === undefined ? this.#prepared.get(server) : undefined;
    const { uses, judged } = prepared ?? this.#tried(member, mark);
    const healths = server.checks.map((check, index): CheckHealth => {
      const known = old?.healths[old.judged.indexOf(judged[index]!)] ?? saved?.checks.get(judged[index]!);
      return known ?? initialHealth(check.initial, now);
    });
    const begun = old?.begun ?? now;
    const combined = combine(server, healths, begun);
    return { member, uses, judged, begun, healths, combined, ramp: old?.ramp ?? saved?.ramp ?? noRamp };
  }

  #tried({ service, server }: CheckTarget, mark: number | undefined): Tried {
    const target = { service, server };
    // The mark is not part of what is tried: health outlives it.
    const identities = server.checks.map((check) => this.world.identity(check, target));
    const uses = server.checks.map((plain, index): CheckUse => {
      const check = needsMark(plain) ? { ...plain, mark } : plain;
      const identity = check === plain ? identities[index] : this.world.identity(check, target);
      const { interval, fast, slow, timeout } = check;
      const key = this.#digest([interval, fast, slow, timeout, identity].join(' '));
      return { key, check, target };
    });
    const judged = server.checks.map((check, index) =>
      this.#digest(`${timingText(check)} ${identities[index]}`),
    );
    return { uses, judged };
  }

  #digest(text: string): string {
    const known = this.#digests.get(text);
    if (known !== undefined) return known;
    const digest = this.world.sha256(text).slice(0, 16);
    this.#digests.set(text, digest);
    return digest;
  }
}

function sameCombined(a: Combined, b: Combined): boolean {
  return (
    a.state === b.state &&
    a.since === b.since &&
    a.confirmed === b.confirmed &&
    a.weight === b.weight &&
    a.wish === b.wish
  );
}
