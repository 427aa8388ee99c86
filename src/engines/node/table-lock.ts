/**
 * The lock of the table of this network namespace: flock(2) on a file in /run/ipvsadm that is named
 * for the namespace (docs/decisions/lock-and-ownership.md). Node has no flock(2): flock(1) locks the
 * open file that it inherits, and this process keeps it open.
 */
import type * as ChildProcess from 'node:child_process';
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  writeSync,
} from 'node:fs';
import { strerror } from '../../errors/kernel-messages';
import type { LockAttempt } from '../../platform/interactive-system';
import { systemErrno } from './system';

const DIRECTORY = '/run/ipvsadm';
const NAMESPACE = '/proc/self/ns/net';

/** The exit status of flock -n if another process has the lock. */
const HELD = 1;

/** @param directory the place of the lock files. */
export function lockTable(directory = DIRECTORY): LockAttempt {
  const file = lockFile(directory);
  if (typeof file !== 'number') return file;
  // Loaded here, so that commands that change nothing start faster.
  const { spawnSync } = require('node:child_process') as typeof ChildProcess;
  const { error, status, stderr } = spawnSync('flock', LOCK, { stdio: stdio(file), encoding: 'latin1' });
  return attempted(file, { error, status, stderr });
}

/** The same without keeping the event loop from other work: starting a program takes a while. */
export function lockTableAside(directory = DIRECTORY): Promise<LockAttempt> {
  const file = lockFile(directory);
  if (typeof file !== 'number') return Promise.resolve(file);
  const { spawn } = require('node:child_process') as typeof ChildProcess;
  return new Promise((resolve) => {
    let stderr = '';
    let failure: Error | undefined;
    const flock = spawn('flock', LOCK, { stdio: stdio(file), timeout: LIMIT });
    flock.stderr!.setEncoding('latin1').on('data', (text: string) => {
      stderr += text;
    });
    flock.once('error', (error) => {
      failure = error;
    });
    // After an error, too.
    flock.once('close', (status) => resolve(attempted(file, { error: failure, status, stderr })));
  });
}

const LOCK = ['-n', '3'] as const;
/** It does not wait for the lock, so it takes no time; in milliseconds. */
const LIMIT = 2000;

function stdio(file: number): ChildProcess.StdioOptions {
  return ['ignore', 'ignore', 'pipe', file];
}

/** Opens the lock file of this network namespace. */
function lockFile(directory: string): number | LockAttempt {
  let path = NAMESPACE;
  try {
    const inode = /\d+/.exec(readlinkSync(NAMESPACE))![0];
    path = directory;
    makeDirectory(directory);
    path = `${directory}/net-${inode}.lock`;
    return openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    return { kind: 'unavailable', reason: `${path}: ${strerror(systemErrno(error))}` };
  }
}

/** How flock ended. */
interface Ended {
  readonly error?: Error | undefined;
  readonly status: number | null;
  readonly stderr: string;
}

/** What came of an attempt; the file stays open only if it is locked. */
function attempted(file: number, ended: Ended): LockAttempt {
  const attempt = attemptOf(file, ended);
  if (attempt.kind !== 'taken') closeSync(file);
  return attempt;
}

function attemptOf(file: number, { error, status, stderr }: Ended): LockAttempt {
  if (error) return { kind: 'unavailable', reason: 'flock (util-linux, busybox) cannot be run' };
  if (status === HELD) return { kind: 'held', holder: holderIn(file) };
  if (status !== 0) {
    return { kind: 'unavailable', reason: stderr.trim().split('\n')[0] || `flock: status ${status}` };
  }
  try {
    ftruncateSync(file);
    writeSync(file, `${process.pid}\n`, 0);
  } catch {
    // The id is for messages only.
  }
  return { kind: 'taken', release: () => closeSync(file) };
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** The process id in a lock file; undefined while it is not written. */
function holderIn(file: number): number | undefined {
  const buffer = Buffer.alloc(16);
  const length = readSync(file, buffer, 0, buffer.length, 0);
  return Number.parseInt(buffer.toString('latin1', 0, length), 10) || undefined;
}
