import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs `action` while holding an exclusive lock on `file`. A flock(1) process holds the lock until
 * its stdin is closed, so the kernel releases the lock however this process ends.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const locked = once(holder.stdout, 'data');
  await Promise.race([
    locked,
    ended.then(() => Promise.reject(new Error(`flock could not lock ${file}`))), // also rejects if flock is not installed
  ]);
  try {
    return await action();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
