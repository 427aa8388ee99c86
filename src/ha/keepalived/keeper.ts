/**
 * Keeps keepalived running, hears what it says, and asks it when this process cannot know. It knows no
 * VIPs.
 */
import type { HaWorld } from '../world';
import type { Configuration } from './configuration';
import type { KeepalivedHost } from './host';
import { VrrpLines, type VrrpState } from './lines';

/**
 * So many ticks may pass between a question to keepalived and its answer; after that it is taken for
 * frozen. Ticks and not time: while this process stands still nobody hears an answer.
 */
const ANSWER = 7;
/** Between two starts, in milliseconds; twice as long each time. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** What has run for so long did not fail at its start. */
const WELL = 60_000;

export interface KeeperOptions {
  readonly world: HaWorld;
  readonly host: KeepalivedHost;
  readonly instance: string;
  /** keepalived.conf, or why there can be none. */
  configuration(): Configuration;
  /** Writes the priority; nudged: one off, which keepalived answers. @returns whether that changes it. */
  writePriority(nudged: boolean): boolean;
  /** What it is now. The same may come again. */
  state(state: VrrpState, reason: string): void;
  /** A director with a lower priority sends adverts as well. */
  rival(): void;
  /** Why there is no keepalived; undefined: there is one. */
  problem(text: string | undefined): void;
}

export class Keeper {
  readonly #lines: VrrpLines;
  #running = false;
  #launching = false;
  #started = 0;
  #pause = FIRST_PAUSE;
  #nextStart = 0;
  #nudged = false;
  /** The ticks within which the answer has to come; undefined: none is due. */
  #answer: number | undefined;
  #ended = false;

  constructor(readonly options: KeeperOptions) {
    this.#lines = new VrrpLines(options.instance);
  }

  /** Goes on with the keepalived that a former process of this daemon has left, or starts one. */
  begin(): void {
    const { host, world } = this.options;
    this.#started = world.now();
    this.#running = host.tell('alive');
    if (this.#running) this.ask();
    else void this.#launch();
  }

  /** What the FIFO holds. */
  hear(text: string): void {
    if (this.#ended) return;
    for (const { state, asked, rival } of this.#lines.take(text)) {
      if (rival) this.options.rival();
      if (!this.#running && !this.#launching) continue; // the last words of one that has ended
      this.#answer = undefined;
      this.options.state(state, asked ? 'keepalived says so when asked' : 'keepalived says so');
    }
  }

  /** Several times a second: gives the sign of life, and starts again what has ended. */
  tick(): void {
    const { world, host } = this.options;
    const now = world.now();
    if (this.#launching || this.#ended) return;
    if (!this.#running) {
      if (now >= this.#nextStart) void this.#launch();
      return;
    }
    if (!host.tell('alive')) this.#lost('keepalived has ended');
    else if (this.#answer !== undefined && --this.#answer === 0) {
      host.tell('quit');
      this.#lost('keepalived does not answer');
    }
  }

  /** Asks for the state; `state` hears the answer, or that there is none. */
  ask(): void {
    // A second change before it has read the first could be none.
    if (this.#answer !== undefined || !this.#running) return;
    this.#answer = ANSWER;
    this.#nudged = !this.#nudged;
    if (this.options.writePriority(this.#nudged)) return;
    // A former process had done the same.
    this.#nudged = !this.#nudged;
    this.options.writePriority(this.#nudged);
  }

  /** The priority has become another one. */
  reorder(): void {
    this.options.writePriority(this.#nudged);
  }

  /** @param keep lets keepalived go on for some seconds; without it ends, which others hear. */
  end(keep: boolean): void {
    this.#ended = true;
    this.options.host.tell(keep ? 'wait' : 'quit');
  }

  async #launch(): Promise<void> {
    const { host, world } = this.options;
    this.#launching = true;
    this.#answer = undefined;
    this.#lines.reset();
    const problem = await this.#tryLaunch();
    this.#launching = false;
    if (this.#ended) {
      host.tell('quit');
      return;
    }
    if (problem !== undefined) {
      this.#again(problem);
      return;
    }
    this.#running = true;
    this.#started = world.now();
    this.options.problem(undefined);
  }

  async #tryLaunch(): Promise<string | undefined> {
    if (this.options.host.tell('alive')) return 'the former keepalived has not ended yet';
    const configuration = this.options.configuration();
    if ('problem' in configuration) return configuration.problem;
    try {
      this.options.writePriority(this.#nudged);
      await this.options.host.prepare();
    } catch (error) {
      return (error as Error).message;
    }
    return await this.options.host.launch(configuration.text);
  }

  #lost(problem: string): void {
    if (this.options.world.now() - this.#started >= WELL) this.#pause = FIRST_PAUSE;
    this.#running = false;
    this.#answer = undefined;
    this.options.state('stopped', problem);
    this.#again(problem);
  }

  #again(problem: string): void {
    this.#nextStart = this.options.world.now() + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    this.options.problem(problem);
  }
}
