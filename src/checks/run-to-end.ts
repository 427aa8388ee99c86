/** Runs a program in a process group of its own until it ends, or the check does. */
import type { ChildProcess } from 'node:child_process';
import type { Attempt } from './attempt';
import { endWithUs, firstBytes, killGroup, startProgram, TERM_TO_KILL } from './program';

/** The most of each output that is kept. */
const MAX_OUTPUT = 64 * 1024;
/** How long its output may stay open when it has ended: something of it still runs then. */
const LINGER = 50;

export interface RunOptions {
  readonly env: Record<string, string>;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Whether SIGTERM goes first, 2 s before SIGKILL. */
  readonly gently?: boolean | undefined;
  /** Called when nothing of it runs any more, which may be after the end of the check. */
  readonly gone?: (() => void) | undefined;
}

export interface Ended {
  /** 128 + the signal that ended it, as in a shell. */
  readonly status: number;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runToEnd(
  attempt: Attempt,
  [path, ...args]: readonly string[],
  { env, uid, gid, gently, gone }: RunOptions,
): Promise<Ended> {
  const child = await startProgram(path!, args, {
    env,
    cwd: '/',
    detached: true, // a session, and so a process group, of its own
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  const stdout = firstBytes(child.stdout!, MAX_OUTPUT, (bytes) => attempt.received(bytes));
  const stderr = firstBytes(child.stderr!, MAX_OUTPUT, (bytes) => attempt.received(bytes));
  const ended = endOf(child).finally(endWithUs(child));
  if (gone) ended.then(gone);
  attempt.atEnd(() => endGroup(child, gently === true));
  const { code, signal } = await ended;
  return { status: code ?? 128, signal: signal ?? undefined, stdout: stdout(), stderr: stderr() };
}

/** Resolves when it has ended and its output is closed. */
function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // What it left behind holds its output open. Then its process group exists, and the number is its own.
      const timer = setTimeout(() => {
        killGroup(child, 'SIGKILL');
        child.stdout!.destroy();
        child.stderr!.destroy();
        resolve({ code, signal });
      }, LINGER);
      child.once('close', () => {
        clearTimeout(timer);
        resolve({ code, signal });
      });
    });
  });
}

/** Ends what still runs. */
function endGroup(child: ChildProcess, gently: boolean): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  killGroup(child, gently ? 'SIGTERM' : 'SIGKILL');
  if (!gently) return;
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), TERM_TO_KILL);
  child.once('exit', () => clearTimeout(timer));
}
