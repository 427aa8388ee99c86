/**
 * A shell that starts programs for this process. To start one from a large process takes long (fork(2)
 * copies its page tables), and nothing else is done meanwhile: this one is started while we are small.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { killGroup } from '../checks/program';

const MAX_ANSWER = 4096;

/** Signals are for the daemon: it ends with that, when its input does. */
const IGNORE_SIGNALS = "trap '' HUP INT TERM; set -f";

export class ShellHelper {
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #alive = true;
  #said = '';
  #hear: (answer: string | undefined) => void = () => {};

  /**
   * @param command what is done with each line, which is `$line`; it prints a line for `ask`.
   * @param args are `$1` and so on.
   * @param files are its descriptors from 3 on.
   */
  constructor(command: string, args: readonly string[] = [], files: readonly number[] = []) {
    const script = `${IGNORE_SIGNALS}; while read -r line; do ${command}; done`;
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...args], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore', ...files],
    });
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.on('error', () => resolve()).on('exit', () => resolve());
    });
    void this.ended.then(() => this.#end());
    for (const stream of [child.stdin, child.stdout]) stream?.on('error', () => this.#end());
    child.stdout?.setEncoding('latin1').on('data', (text: string) => this.#take(text));
    // It keeps this process from nothing, least of all from ending.
    for (const part of [child, child.stdin as Socket | null, child.stdout as Socket | null]) part?.unref();
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /**
   * @param limit in milliseconds: if it does not answer within that, it is killed.
   * @returns its answer; undefined if there is none.
   */
  ask(line: string, limit: number): Promise<string | undefined> {
    if (!this.#alive) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill(), limit);
      this.#hear = (answer) => {
        clearTimeout(timer);
        this.#hear = () => {};
        resolve(answer);
      };
      this.tell(line);
    });
  }

  tell(line: string): void {
    if (this.#alive) this.#child.stdin!.write(`${line}\n`);
  }

  /** Lets it end when it has done what it was told. */
  close(): void {
    this.#child.stdin?.end();
  }

  /** Ends it with what it runs. */
  kill(): void {
    killGroup(this.#child, 'SIGKILL');
    this.#end();
  }

  #take(text: string): void {
    this.#said += text;
    const end = this.#said.indexOf('\n');
    if (end < 0 && this.#said.length < MAX_ANSWER) return;
    const answer = this.#said.slice(0, end);
    this.#said = '';
    if (end < 0) this.kill();
    else this.#hear(answer);
  }

  #end(): void {
    this.#alive = false;
    this.#hear(undefined);
  }
}
