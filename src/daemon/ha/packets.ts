/** Runs the helper of the native executable, without waiting for it. */
import { existsSync } from 'node:fs';
import { HELPER_NAME, helperPaths } from '../../checks/helper';
import { endWithUs, firstBytes, killGroup, startProgram } from '../../checks/program';
import { exitStatus } from '../../errors/exit-status';
import type { ProgramRun } from '../../platform/interactive-system';

/** It ends by itself; this is for one that hangs. */
const LIMIT = 5000;
const MAX_OUTPUT = 64 * 1024;

/** @returns undefined if it is not there. Never rejects. */
export async function runPackets(
  args: readonly string[],
  paths: readonly string[] = helperPaths,
): Promise<ProgramRun | undefined> {
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const run = await runOnce(path, args).catch(({ message }) => ({
      status: 1,
      stdout: '',
      stderr: `${message}`,
    }));
    // The C program of the same name does not know these words.
    if (run.status !== exitStatus.usage) return run;
  }
  return undefined;
}

/** The path of the first helper that is there. */
export function findHelper(paths: readonly string[] = helperPaths): string | undefined {
  return paths.find((path) => existsSync(path));
}

async function runOnce(path: string, args: readonly string[]): Promise<ProgramRun> {
  const child = await startProgram(path, args, {
    argv0: HELPER_NAME,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = endWithUs(child);
  const stdout = firstBytes(child.stdout!, MAX_OUTPUT, () => {});
  const stderr = firstBytes(child.stderr!, MAX_OUTPUT, () => {});
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), LIMIT);
  return await new Promise((resolve) => {
    child.once('close', (code) => {
      clearTimeout(timer);
      ended();
      resolve({ status: code ?? exitStatus.signalled, stdout: stdout(), stderr: stderr() });
    });
  });
}
