import { appendText, type ByteBuffer, newByteBuffer } from '../bytes/byte-buffer';
import { toBytes } from '../bytes/byte-text';
import { OutputError, type System } from './system';

/** From how many bytes on the buffer is written. */
const BLOCK = 64 * 1024;

/** Standard output in blocks, as the C library buffers it: what goes to standard error is often seen first. */
export class Output {
  /** What is not yet written. Who appends to it directly calls `flushFull` now and then. */
  readonly buffer: ByteBuffer = newByteBuffer(BLOCK + 4096);
  readonly #system: System;
  /** Whether a person reads standard output, once that was asked: the question costs more than a line. */
  #terminal: boolean | undefined;

  constructor(system: System) {
    this.#system = system;
  }

  /** @throws OutputError. */
  write(text: string): void {
    appendText(this.buffer, text);
    this.flushFull();
  }

  /** Writes what waits if it is a block or more. @throws OutputError. */
  flushFull(): void {
    if (this.buffer.length >= BLOCK) this.flush();
  }

  /** Writes what waits. @throws OutputError. */
  flush(): void {
    const { bytes, length } = this.buffer;
    this.buffer.length = 0;
    if (length > 0) this.#system.write('stdout', bytes.subarray(0, length));
  }

  /**
   * A line for standard error. On a terminal it follows what was printed before it. A standard error that does
   * not take it changes nothing: there is nobody left to tell. @throws OutputError of standard output.
   */
  error(message: string): void {
    try {
      this.#terminal ??= this.#system.stdoutIsTerminal();
      if (this.#terminal) this.flush();
    } finally {
      this.#writeError(toBytes(`${message}\n`));
    }
  }

  #writeError(line: Uint8Array): void {
    try {
      this.#system.write('stderr', line);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
    }
  }
}
