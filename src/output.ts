import type { System } from './system';

/** From how many characters on the buffer is written. */
const BLOCK = 64 * 1024;

/** Standard output in blocks, as the C library buffers it: what goes to standard error is often seen first. */
export class Output {
  readonly #system: System;
  #buffer = '';

  constructor(system: System) {
    this.#system = system;
  }

  /** @throws OutputError. */
  write(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length >= BLOCK) this.flush();
  }

  /** Writes what is left. @throws OutputError. */
  flush(): void {
    const text = this.#buffer;
    this.#buffer = '';
    if (text !== '') this.#system.write('stdout', text);
  }

  /** A line for standard error. On a terminal it follows what was printed before it. @throws OutputError. */
  error(message: string): void {
    if (this.#system.stdoutIsTerminal()) this.flush();
    this.#system.write('stderr', `${message}\n`);
  }
}
