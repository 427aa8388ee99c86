import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs `action` while holding an exclusive lock on `file`. The lock belongs to a flock(1) that lives as long as its
 * stdin is open: however this process ends, the kernel takes the lock back.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const locked = once(holder.stdout, 'data');
  await Promise.race([
    locked,
    ended.then(() => Promise.reject(new Error(`flock could not lock ${file}`))), // rejects too if there is no flock
  ]);
  try {
    return await action();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
