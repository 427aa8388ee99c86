/** Runs a program for its exit status, and its first line for people. */
import { endWithUs, firstBytes, killGroup, startProgram } from '../../checks/program';

const LIMIT = 5000;
const MAX_OUTPUT = 4096;

/** Never rejects: a program that cannot be run has status -1. */
export async function runToText(
  path: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const child = await startProgram(path, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = endWithUs(child);
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), LIMIT);
    const texts = [child.stderr!, child.stdout!].map((stream) => firstBytes(stream, MAX_OUTPUT, () => {}));
    const status = await new Promise<number>((resolve) => {
      child.once('close', (code) => resolve(code ?? -1));
    });
    clearTimeout(timer);
    ended();
    const lines = texts.flatMap((text) => text().split('\n')).filter((line) => line.trim() !== '');
    return { status, text: lines.slice(0, 3).join('; ') };
  } catch (error) {
    return { status: -1, text: (error as Error).message };
  }
}
