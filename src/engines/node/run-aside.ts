/** Runs a program while this one goes on. */
import { spawn } from 'node:child_process';
import { exitStatus } from '../../errors/exit-status';
import type { ProgramRun } from '../../platform/interactive-system';

const MAX_OUTPUT = 1024 * 1024;

/** @returns undefined if there is no such program. Never rejects. */
export function runProgramAside(
  name: string,
  args: readonly string[],
  timeout: number,
): Promise<ProgramRun | undefined> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout, killSignal: 'SIGKILL' });
    const texts = [child.stdout, child.stderr].map((stream) => {
      let text = '';
      stream.setEncoding('latin1').on('data', (data: string) => {
        if (text.length < MAX_OUTPUT) text += data;
      });
      return () => text;
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => {
      const [stdout, stderr] = texts.map((text) => text());
      resolve({ status: code ?? exitStatus.signalled, stdout: stdout!, stderr: stderr! });
    });
  });
}
