/** A ring of files in a directory of this machine. */
import type * as Crypto from 'node:crypto';
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { toText } from '../../bytes/byte-text';
import { errno } from '../../errors/errno';
import type { Ring } from '../../platform/ring';
import { OutputError } from '../../platform/system';
import { systemErrno, writeAll } from './system';

/** What a file is called until it is complete. */
const UNFINISHED = '.new-';
/** The age, in milliseconds, at which an unfinished file belongs to a process that was killed. */
const ABANDONED = 3_600_000;

/**
 * @param make whether to make the directory, mode 0700, and those around it.
 * @param write replaced by tests.
 * @throws OutputError if the directory is not there, or cannot be used.
 */
export function openRing(directory: string, make: boolean, write = writeAll): Ring {
  if (make) outputErrors(() => mkdirSync(directory, { recursive: true, mode: 0o700 }));
  outputErrors(() => readdirSync(directory));
  return new NodeRing(directory, write);
}

class NodeRing implements Ring {
  constructor(
    readonly directory: string,
    readonly write: typeof writeAll,
  ) {}

  numbers(): number[] {
    const names = outputErrors(() => readdirSync(this.directory));
    return names
      .filter((name) => /^[1-9][0-9]{0,14}$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  size(number: number): number {
    return statSync(this.#path(number), { throwIfNoEntry: false })?.size ?? 0;
  }

  read(number: number, most: number): string | undefined {
    try {
      const file = openSync(this.#path(number), 'r');
      try {
        const bytes = Buffer.alloc(Math.min(most, this.size(number)));
        let length = 0;
        for (let read = -1; read !== 0 && length < bytes.length; length += read) {
          read = readSync(file, bytes, length, bytes.length - length, length);
        }
        return toText(bytes.subarray(0, length));
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  create(number: number, blocks: Iterable<Uint8Array>): boolean {
    const { randomBytes } = require('node:crypto') as typeof Crypto;
    const path = `${this.directory}/${UNFINISHED}${randomBytes(12).toString('hex')}`;
    return outputErrors(() => {
      const file = openSync(path, 'wx', 0o600);
      try {
        try {
          for (const block of blocks) this.write(file, block);
        } finally {
          closeSync(file);
        }
        return this.#name(path, number);
      } finally {
        unlinkSync(path);
      }
    });
  }

  remove(number: number): void {
    this.#removeAbandoned();
    removeIfThere(this.#path(number));
  }

  #path(number: number): string {
    return `${this.directory}/${number}`;
  }

  /** Of two processes, one gets the number: unlike rename(2), link(2) replaces nothing. */
  #name(path: string, number: number): boolean {
    try {
      linkSync(path, this.#path(number));
      return true;
    } catch (error) {
      if (systemErrno(error) === errno.EEXIST) return false;
      throw error;
    }
  }

  #removeAbandoned(): void {
    for (const name of readdirSync(this.directory)) {
      if (!name.startsWith(UNFINISHED)) continue;
      const path = `${this.directory}/${name}`;
      const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
      if (Date.now() - made > ABANDONED) removeIfThere(path);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrno(error) !== errno.ENOENT) throw new OutputError(systemErrno(error));
  }
}

/** Turns a failed system call into OutputError. */
function outputErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof OutputError ? error : new OutputError(systemErrno(error));
  }
}
