import { appendText, type ByteBuffer, newByteBuffer } from '../bytes/byte-buffer';
import { toBytes } from '../bytes/byte-text';
import { OutputError, type System } from './system';

/** The number of bytes at which the buffer is written. */
const BLOCK = 64 * 1024;

/** What is printed for text of others: bytes/visible.ts. */
export interface Shown {
  readonly line: (text: string) => string;
  /** @param bytes a block that ends where a character does. */
  readonly block: (bytes: Uint8Array) => Uint8Array;
}

/**
 * Standard output, written in blocks as by the C library, so that standard error often appears
 * first.
 */
export class Output {
  /**
   * What is not yet written. Callers that append to it directly must call `flushFull` regularly.
   */
  readonly buffer: ByteBuffer = newByteBuffer(BLOCK + 4096);
  readonly #system: System;
  /**
   * Whether standard output is a terminal; determined once, as the system call costs more than a
   * line.
   */
  #terminal: boolean | undefined;

  /** Whether notes, and what was done, are left out: --quiet. */
  quiet = false;

  readonly #shown: Shown | undefined;
  /** Of standard output. */
  #asIs = false;

  /** @param shown absent in classic syntax, whose output is that of ipvsadm, byte for byte. */
  constructor(system: System, shown?: Shown) {
    this.#system = system;
    this.#shown = shown;
  }

  /**
   * From now on standard output is written as it is: it is data, or text with colours in which
   * everything of others has been made visible.
   */
  asIs(): void {
    this.flush();
    this.#asIs = true;
  }

  /** @throws OutputError. */
  write(text: string): void {
    appendText(this.buffer, text);
    this.flushFull();
  }

  /** As `write`, for what was done. @throws OutputError. */
  done(text: string): void {
    if (!this.quiet) this.write(text);
  }

  /** As `error`, for what is none. @throws OutputError of standard output. */
  note(message: string): void {
    if (!this.quiet) this.error(message);
  }

  /** Writes the buffer if it holds a block or more. @throws OutputError. */
  flushFull(): void {
    if (this.buffer.length >= BLOCK) this.flush();
  }

  /** Writes the buffer. @throws OutputError. */
  flush(): void {
    const { bytes, length } = this.buffer;
    this.buffer.length = 0;
    if (length === 0) return;
    const block = bytes.subarray(0, length);
    this.#system.write('stdout', this.#asIs ? block : (this.#shown?.block(block) ?? block));
  }

  /**
   * Writes a line to standard error. On a terminal, standard output is written first to keep the
   * order. Failures of standard error are ignored, as there is nowhere left to report them.
   * @throws OutputError of standard output.
   */
  error(message: string): void {
    try {
      this.#terminal ??= this.#system.stdoutIsTerminal();
      if (this.#terminal) this.flush();
    } finally {
      this.#writeError(toBytes(`${this.#shown?.line(message) ?? message}\n`));
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
