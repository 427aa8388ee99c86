/**
 * What the daemon says on standard error, a line each. Writing never blocks it: while a reader hangs,
 * lines are kept up to a limit, and then counted.
 */
import { write } from 'node:fs';
import { visibleUnicode } from '../bytes/visible';

const MAX_WAITING = 1000;

export class Log {
  readonly #waiting: string[] = [];
  #writing = false;
  #lost = 0;

  /** @param timed whether lines begin with the time: the journal has its own. */
  constructor(
    readonly descriptor: number,
    readonly timed: boolean,
  ) {}

  say(text: string): void {
    const time = this.timed ? `${new Date().toISOString()} ` : '';
    if (this.#waiting.length >= MAX_WAITING) this.#lost += 1;
    else this.#waiting.push(`${time}${visibleUnicode(text)}\n`);
    this.#next();
  }

  /** Resolves when everything is written, or some time has passed. */
  async flush(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while ((this.#writing || this.#waiting.length > 0) && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  #next(): void {
    if (this.#writing || this.#waiting.length === 0) return;
    const lost = this.#lost > 0 ? `${this.#lost} lines are lost: nobody read them\n` : '';
    this.#lost = 0;
    this.#write(Buffer.from(this.#waiting.splice(0).join('') + lost));
  }

  #write(bytes: Uint8Array): void {
    this.#writing = true;
    write(this.descriptor, bytes, (error, length) => {
      this.#writing = false;
      if (error?.code === 'EAGAIN') {
        this.#writing = true;
        setTimeout(() => this.#write(bytes), 50);
      } else if (!error && length < bytes.length) this.#write(bytes.subarray(length));
      else this.#next();
    });
  }
}
