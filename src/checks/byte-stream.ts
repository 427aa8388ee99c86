/** A connection as bytes to read one piece after the other, and to write. */
import type { Duplex } from 'node:stream';
import { type Attempt, CheckFailure } from './attempt';

export class ByteStream {
  private failure: Error | undefined;
  private wake = () => {};

  constructor(
    readonly duplex: Duplex,
    private readonly attempt: Attempt,
  ) {
    const changed = () => this.wake();
    duplex
      .on('readable', changed)
      .on('end', changed)
      .on('close', changed)
      // Stays until the stream is gone: an error without a listener would end the process.
      .on('error', (error) => {
        this.failure ??= error;
        changed();
      });
    attempt.atEnd(() => duplex.destroy());
  }

  /** The next bytes, of whatever length; undefined at the end. @throws what ended the connection. */
  async read(): Promise<Buffer | undefined> {
    for (;;) {
      const bytes = this.duplex.read() as Buffer | null;
      if (bytes !== null) {
        this.attempt.received(bytes);
        return bytes;
      }
      if (this.failure) throw this.failure;
      if (this.duplex.readableEnded || this.duplex.destroyed) return undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Sends a text of one character per byte. */
  async send(text: string): Promise<void> {
    this.attempt.enter('send');
    this.attempt.sent(text);
    await new Promise<void>((resolve, reject) => {
      this.duplex.write(Buffer.from(text, 'latin1'), (error) => {
        if (error) reject(this.failure ?? error);
        else resolve();
      });
    });
    this.attempt.enter('wait');
  }
}

/** Reads lines that end in LF or CR LF. */
export class LineReader {
  private rest = '';

  constructor(
    private readonly stream: ByteStream,
    private readonly limit: number,
  ) {}

  /** The next line without its end; at the end of the stream what is left, then undefined. */
  async line(): Promise<string | undefined> {
    // Only what is new is searched: a server may send one byte at a time.
    for (let from = 0; ; ) {
      const end = this.rest.indexOf('\n', from);
      if (end >= 0) {
        const line = this.rest.slice(0, end);
        this.rest = this.rest.slice(end + 1);
        return line.replace(/\r$/, '');
      }
      if (this.rest.length > this.limit)
        throw new CheckFailure(`a line of the answer is longer than ${this.limit} bytes`);
      from = this.rest.length;
      const bytes = await this.stream.read();
      if (bytes === undefined) {
        const last = this.rest;
        this.rest = '';
        return last === '' ? undefined : last;
      }
      this.rest += bytes.toString('latin1');
    }
  }
}
