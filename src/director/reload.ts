/** Takes documents: by difference, with a way back. */
import type { Configuration } from '../model/director';
import { readDocument, resolved } from './choose-document';
import type { Core } from './core';
import type { Document } from './generations';
import type { LiveService } from './read-live';
import { ENTRIES_A_TURN } from './reconcile';
import { rosterOf } from './roster';
import { conflictsOf, liveServices } from './start';
import type { Director, Outcome, Problem } from './types';

type ReloadOptions = Parameters<Director['reload']>[1];

/** Who takes a document back that nobody has confirmed. */
const CONFIRM_WINDOW = 'confirm window';

const stopping: Problem = { ok: false, kind: 'conflict', problem: 'the daemon is stopping' };

export class Reloader {
  /** When the current document is taken back, in monotonic milliseconds. */
  #confirmAt: number | undefined;
  /** Whether one that nobody has confirmed is being taken back. */
  #takingBack = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(readonly core: Core) {
    const { current } = core.generations;
    if (current?.confirmUntil === undefined) return;
    this.#confirmAt = core.world.now() + current.confirmUntil - core.world.wallClock();
  }

  reload(text: string, options: ReloadOptions): Promise<Outcome> {
    return this.#inTurn(async () => {
      const { core } = this;
      const configuration = this.read({ text, name: options.name });
      if ('problem' in configuration) return configuration;
      // Reading it took a long turn.
      if (await core.pause()) return stopping;
      const pending = core.generations.current;
      if (pending?.confirmUntil !== undefined) {
        const problem = `generation ${pending.number} waits to be confirmed: confirm it or roll back first`;
        return { ok: false, kind: 'conflict', problem };
      }
      const conflicts = await this.#conflicts(configuration, options.takeOver ?? false);
      if (conflicts) return conflicts;
      if (core.stopped) return stopping;
      return await this.#apply(configuration, resolved({ text, name: options.name }, configuration), options);
    });
  }

  confirm(author: string): Outcome {
    const { current } = this.core.generations;
    if (current?.confirmUntil === undefined) {
      return { ok: false, kind: 'conflict', problem: 'no document waits to be confirmed' };
    }
    if (this.#takingBack) {
      const problem = `generation ${current.number} is being taken back: it was not confirmed in time`;
      return { ok: false, kind: 'conflict', problem };
    }
    this.#confirmAt = undefined;
    this.core.generations.confirm();
    this.core.reconciler.keepTaken();
    this.core.events.end('confirm');
    const text = `generation ${current.number} is confirmed`;
    this.core.events.tell('reloaded', `${text} by ${author}`);
    return { ok: true, text };
  }

  rollback(generation: number | undefined, author: string): Promise<Outcome> {
    return this.#inTurn(async () => {
      const { generations } = this.core;
      const number = generation ?? generations.previous;
      const document = this.document(number);
      if ('problem' in document) return document;
      const configuration = this.read(document);
      if ('problem' in configuration) return configuration;
      generations.takeBack();
      this.#confirmAt = undefined;
      const outcome = await this.#apply(configuration, document, { author, name: document.name });
      if (!outcome.ok) return outcome;
      const text = `generation ${number} is in effect again, as generation ${generations.applied}`;
      this.core.events.tell('rolled-back', `${text}: ${author}`);
      return { ok: true, text };
    });
  }

  /** The document of a generation, or of the one before that in use. */
  document(number = this.core.generations.previous): Document | Problem {
    if (number === undefined) {
      return { ok: false, kind: 'unknown', problem: 'there is no earlier generation to go back to' };
    }
    const document = this.core.generations.document(number);
    return 'problem' in document ? { ok: false, kind: 'unknown', problem: document.problem } : document;
  }

  /** Takes back what nobody has confirmed in time. */
  tick(): void {
    if (this.#confirmAt === undefined || this.core.world.now() < this.#confirmAt) return;
    this.#confirmAt = undefined;
    this.#takingBack = true;
    void this.rollback(undefined, CONFIRM_WINDOW).then((outcome) => {
      this.#takingBack = false;
      if (!outcome.ok)
        this.core.events.alarm('confirm', `it was not confirmed, but stays: ${outcome.problem}`);
    });
  }

  read(document: Document): Configuration | Problem {
    const read = readDocument(this.core.world, document);
    return 'problems' in read ? { ok: false, kind: 'invalid', problem: read.problems } : read;
  }

  async #conflicts(configuration: Configuration, takeOver: boolean): Promise<Problem | undefined> {
    const { core } = this;
    const roster = rosterOf(configuration);
    try {
      const live = new Map<string, LiveService>();
      await this.#inPieces(liveServices(core.world, roster), ([id, service]) => {
        live.set(id, service);
        return 1 + service.servers.length;
      });
      const problem = conflictsOf(roster, live, core.owned.services, takeOver);
      if (problem !== '') return { ok: false, kind: 'conflict', problem };
    } catch (error) {
      return { ok: false, kind: 'refused', problem: `the table cannot be read: ${error}` };
    }
    if (takeOver) for (const id of roster.keys()) core.judge.takeOver.add(id);
    return undefined;
  }

  /** Does long work piece by piece, so that checks are heard in between. @param done returns how many entries it was. */
  async #inPieces<T>(pieces: Iterable<T>, done: (piece: T) => number): Promise<void> {
    let entries = 0;
    for (const piece of pieces) {
      entries += done(piece);
      if (entries < ENTRIES_A_TURN) continue;
      entries = 0;
      await this.core.pause();
    }
  }

  async #apply(configuration: Configuration, document: Document, options: ReloadOptions): Promise<Outcome> {
    const { core } = this;
    const { generations, world, events } = core;
    await this.#inPieces(core.book.prepare(configuration.services), () => 1);
    await core.loop.idle();
    const former = { configuration: core.configuration, number: generations.current?.number ?? 0 };
    if (generations.current?.confirmUntil === undefined) core.reconciler.keepTaken();
    else core.reconciler.giveBack(rosterOf(configuration));
    const refusedBefore = new Set(core.announcer.refused);
    const until = options.confirm === undefined ? undefined : world.wallClock() + options.confirm;
    const { number } = generations.add(document, options.author, {
      confirmUntil: until,
      shared: options.shared,
    });
    core.use(configuration);
    const { refused, failure } = await core.loop.full();
    const problems = [...refused].filter(([id]) => !refusedBefore.has(id));
    if (failure !== undefined || problems.length > 0) {
      const details = problems.map(([id, why]) => `${core.nameOf(id)}: ${why}`);
      const problem = [failure ?? [], details].flat().join('\n');
      await core.loop.idle();
      generations.giveUp(former.number);
      core.reconciler.giveBack(rosterOf(former.configuration));
      core.use(former.configuration);
      await core.loop.full();
      events.tell('rolled-back', `generation ${number} was refused, the former one is back: ${problem}`);
      return { ok: false, kind: 'refused', problem };
    }
    generations.setApplied();
    for (const alarm of ['document', 'confirm']) events.end(alarm);
    // It may have been confirmed while it was applied.
    if (options.confirm === undefined || generations.current?.confirmUntil === undefined) {
      core.reconciler.keepTaken();
    } else this.#confirmAt = world.now() + options.confirm;
    events.tell('reloaded', `generation ${number} of ${options.author} is in effect`);
    return { ok: true, text: `generation ${number} is in effect` };
  }

  #inTurn(work: () => Promise<Outcome>): Promise<Outcome> {
    const turn = this.#queue.then(async (): Promise<Outcome> => {
      if (this.core.stopped) return stopping;
      try {
        return await work();
      } catch (error) {
        return { ok: false, kind: 'refused', problem: `it failed: ${error}` };
      }
    });
    this.#queue = turn;
    return turn;
  }
}
