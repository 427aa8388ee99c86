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

export const DIRECTORY = '/run/ipvsadm';
const NAMESPACE = '/proc/self/ns/net';

/** The exit status of flock -n if another process has the lock. */
const HELD = 1;

/** @param directory the place of the lock files. */
export function lockTable(directory = DIRECTORY): LockAttempt {
  const found = lockFile(directory);
  if ('kind' in found) return found;
  const { file } = found;
  // Loaded here, so that commands that change nothing start faster.
  const { spawnSync } = require('node:child_process') as typeof ChildProcess;
  const { error, status, stderr } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
    encoding: 'latin1',
  });
  const attempt = attemptOf(file, { error, status, stderr }, () => closeSync(file));
  if (attempt.kind !== 'taken') closeSync(file);
  return attempt;
}

/** Opens the lock file of this network namespace. */
export function lockFile(directory: string): { readonly path: string; readonly file: number } | LockAttempt {
  let path = NAMESPACE;
  try {
    const inode = /\d+/.exec(readlinkSync(NAMESPACE))![0];
    path = directory;
    makeDirectory(directory);
    path = `${directory}/net-${inode}.lock`;
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    return { path, file };
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

/** What came of an attempt. A lock is released by `release`. */
export function attemptOf(file: number, { error, status, stderr }: Ended, release: () => void): LockAttempt {
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
  return { kind: 'taken', release };
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
