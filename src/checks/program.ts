/** Starts programs, and ends their process groups. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/**
 * Resolves once the program runs.
 * @throws why it cannot be started; without descriptors it has no streams then.
 */
export function startProgram(
  path: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, options);
    child
      // For good: a signal that cannot be sent is an event as well.
      .on('error', reject)
      .once('spawn', () => resolve(child));
  });
}

/** Collects the first bytes of a stream and reads the rest, so that nobody waits. */
export function firstBytes(stream: Readable, limit: number, heard: (bytes: Buffer) => void): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  stream
    .on('error', () => {})
    .on('data', (bytes: Buffer) => {
      const part = bytes.subarray(0, limit - length);
      if (part.length === 0) return;
      length += part.length;
      parts.push(part);
      heard(part);
    });
  return () => Buffer.concat(parts).toString('latin1');
}

/** From SIGTERM to SIGKILL, in milliseconds. */
export const TERM_TO_KILL = 2000;

/** What runs in process groups of their own: it must not outlive this process. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) killGroup(child, 'SIGKILL');
});

/** Lets the process group of a program end with this process. @returns what ends that. */
export function endWithUs(child: ChildProcess): () => void {
  alive.add(child);
  return () => {
    alive.delete(child);
  };
}

export function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
