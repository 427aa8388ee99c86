/** Runs a program with some input and a time limit, in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';

const TERM_TO_KILL = 2000;

export interface ProgramOptions {
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly limit: number;
}

/** What runs: it is not to outlive this process. */
const alive = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of alive) killGroup(child, 'SIGKILL');
});

/** Resolves when it has ended with status 0. @throws Error in words. */
export function runProgram(
  [path, ...args]: readonly string[],
  { input, env, limit }: ProgramOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path!, args, { env, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    alive.add(child);
    let late = false;
    let kill: NodeJS.Timeout | undefined;
    const term = setTimeout(() => {
      late = true;
      killGroup(child, 'SIGTERM');
      kill = setTimeout(() => killGroup(child, 'SIGKILL'), TERM_TO_KILL);
    }, limit);
    const end = (problem?: string) => {
      alive.delete(child);
      clearTimeout(term);
      clearTimeout(kill);
      if (problem === undefined) resolve();
      else reject(new Error(`${path}: ${problem}`));
    };
    child.on('error', ({ message }) => end(message));
    child.on('exit', (status, signal) => {
      if (late) killGroup(child, 'SIGKILL');
      const ended = status === null ? `ended by ${signal}` : `exit status ${status}`;
      end(late ? `it did not end within ${limit / 1000} s` : status === 0 ? undefined : ended);
    });
    // A program need not read its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
