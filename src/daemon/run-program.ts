/** Runs a program with some input and a time limit, in a process group of its own. */
import { spawn } from 'node:child_process';
import { endWithUs, killGroup, TERM_TO_KILL } from '../checks/program';

export interface ProgramOptions {
  readonly input: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it runs: / unless said otherwise. */
  readonly cwd?: string | undefined;
  /** Milliseconds. */
  readonly limit: number;
}

/** Resolves when it has ended with status 0. @throws Error in words. */
export function runProgram(
  [path, ...args]: readonly string[],
  { input, env, cwd = '/', limit }: ProgramOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(path!, args, { env, cwd, detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = endWithUs(child);
    let late = false;
    let kill: NodeJS.Timeout | undefined;
    const term = setTimeout(() => {
      late = true;
      killGroup(child, 'SIGTERM');
      kill = setTimeout(() => killGroup(child, 'SIGKILL'), TERM_TO_KILL);
    }, limit);
    const end = (problem?: string) => {
      ended();
      clearTimeout(term);
      clearTimeout(kill);
      if (problem === undefined) resolve();
      else reject(new Error(`${path}: ${problem}`));
    };
    child.on('error', ({ message }) => end(message));
    child.on('exit', (status, signal) => {
      if (late) killGroup(child, 'SIGKILL');
      const how = status === null ? `ended by ${signal}` : `exit status ${status}`;
      end(late ? `it did not end within ${limit / 1000} s` : status === 0 ? undefined : how);
    });
    // A program need not read its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
