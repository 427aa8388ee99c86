/** Runs a subcommand of this program in a process of its own: what takes long keeps no check waiting. */
import { createInterface } from 'node:readline';
import { endWithUs, firstBytes, killGroup, startProgram } from '../checks/program';
import type { OwnEnd } from './route';

const LIMIT = 30_000;
const MAX_STDERR = 4096;

/** @param line hears each line of its standard output. Never rejects. */
export async function runOwnProgram(args: readonly string[], line: (line: string) => void): Promise<OwnEnd> {
  try {
    const child = await startProgram(process.execPath, [process.argv[1]!, ...args], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = endWithUs(child);
    const timer = setTimeout(() => killGroup(child, 'SIGKILL'), LIMIT);
    const said = firstBytes(child.stderr!, MAX_STDERR, () => {});
    const lines = createInterface({ input: child.stdout!, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', line);
    const read = new Promise((resolve) => lines.once('close', resolve));
    const status = await new Promise<number>((resolve) => {
      child.once('close', (code) => resolve(code ?? -1));
    });
    await read;
    clearTimeout(timer);
    ended();
    const text = Buffer.from(said(), 'latin1').toString('utf8').trim();
    return { status, text: status === -1 && text === '' ? `it took longer than ${LIMIT / 1000} s` : text };
  } catch (error) {
    return { status: -1, text: (error as Error).message };
  }
}
