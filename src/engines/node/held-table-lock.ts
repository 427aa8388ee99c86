/**
 * The lock of the table for the daemon, which takes it for each pass: a shell runs flock(1) for it, on
 * an open file that both share. The lock ends with both: whoever dies, the other one leaves it.
 */
import { closeSync, fstatSync, statSync } from 'node:fs';
import { ShellHelper } from '../../daemon/shell-helper';
import type { HeldTableLock } from '../../platform/director-system';
import type { LockAttempt } from '../../platform/interactive-system';
import { attemptOf, DIRECTORY, lockFile } from './table-lock';

/** It does not wait for the lock, so it takes no time; in milliseconds. */
const LIMIT = 2000;
/** A helper that has died is replaced, once in an attempt. */
const HELPERS = 2;
const COMMAND = 'case $line in lock) said=$(flock -n 3 2>&1); echo $? $said;; *) flock -u 3;; esac';
/** The status of a shell for a program that is not there. */
const NO_PROGRAM = 127;

/** The open lock file, and the helper that has it, too. */
interface Opened {
  readonly path: string;
  readonly file: number;
  readonly helper: ShellHelper;
}

/** @param directory the place of the lock files. */
export function openTableLock(directory = DIRECTORY): HeldTableLock {
  return new NodeTableLock(directory);
}

class NodeTableLock implements HeldTableLock {
  #opened: Opened | undefined;
  #isHeld = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(readonly directory: string) {
    this.#open();
  }

  take(): Promise<LockAttempt> {
    const attempt = this.#turn.then(() => this.#attempt());
    this.#turn = attempt;
    return attempt;
  }

  close(): void {
    this.#opened?.helper.close();
    this.#drop();
  }

  async #attempt(): Promise<LockAttempt> {
    for (let helpers = 0; helpers < HELPERS; helpers++) {
      const opened = this.#open();
      if ('kind' in opened) return opened;
      const answer = await opened.helper.ask('lock', LIMIT);
      if (answer !== undefined) return this.#answered(opened, answer);
    }
    return { kind: 'unavailable', reason: 'the shell that runs flock does not answer' };
  }

  #answered(opened: Opened, answer: string): LockAttempt {
    const [, digits, stderr = ''] = /^(\d+) ?(.*)$/.exec(answer) ?? [];
    const status = Number(digits);
    this.#isHeld = status === 0;
    const error = status === NO_PROGRAM ? new Error(stderr) : undefined;
    return attemptOf(opened.file, { error, status, stderr }, () => this.#release(opened));
  }

  #release(opened: Opened): void {
    if (opened !== this.#opened) return;
    this.#isHeld = false;
    if (opened.helper.isAlive) opened.helper.tell('unlock');
    else this.#drop();
  }

  /** The file, unless it is another one by now, and a helper that lives. */
  #open(): Opened | LockAttempt {
    const known = this.#opened;
    if (known?.helper.isAlive && isAt(known)) return known;
    known?.helper.close();
    this.#drop();
    const found = lockFile(this.directory);
    if ('kind' in found) return found;
    const { path, file } = found;
    const opened = { path, file, helper: new ShellHelper(COMMAND, [], [file]) };
    this.#opened = opened;
    // It may have died before it was told to let go.
    void opened.helper.ended.then(() => {
      if (opened === this.#opened && !this.#isHeld) this.#drop();
    });
    return opened;
  }

  #drop(): void {
    if (this.#opened) closeSync(this.#opened.file);
    this.#opened = undefined;
  }
}

/** Whether an open file is still what others find at its path. */
function isAt({ file, path }: Opened): boolean {
  try {
    const [ours, theirs] = [fstatSync(file), statSync(path)];
    return ours.ino === theirs.ino && ours.dev === theirs.dev;
  } catch {
    return false;
  }
}
