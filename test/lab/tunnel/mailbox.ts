import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In milliseconds: how often an end looks for news while there are some, and otherwise. */
const BUSY = 2;
const IDLE = 15;
/** For how long after the last news it expects more. */
const BUSY_FOR = 200;

/**
 * Sends and receives through files of a folder, numbered, since a guest shares nothing else with the
 * machine: its file system passes on neither sockets nor pipes.
 */
export class Mailbox {
  private sent = 0;
  private received = 0;
  private waiting: Buffer[] = [];
  private lastNews = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly folder: string,
    private readonly names: { ours: string; theirs: string },
    private readonly take: (text: Buffer) => void,
  ) {
    this.look();
  }

  /** What is sent in one turn of the event loop is one file. */
  send(text: Buffer): void {
    if (this.waiting.push(text) === 1) setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    const unfinished = join(this.folder, `${this.names.ours}.unfinished`);
    writeFileSync(unfinished, Buffer.concat(this.waiting));
    this.waiting = [];
    renameSync(unfinished, join(this.folder, `${this.names.ours}-${this.sent++}`));
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    this.timer = setTimeout(() => this.look(), Date.now() - this.lastNews < BUSY_FOR ? BUSY : IDLE);
    for (let text = this.next(); text !== undefined; text = this.next()) {
      this.lastNews = Date.now();
      this.take(text);
    }
  }

  private next(): Buffer | undefined {
    const path = join(this.folder, `${this.names.theirs}-${this.received}`);
    try {
      const text = readFileSync(path);
      unlinkSync(path);
      this.received += 1;
      return text;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
