import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Unavailable } from './errors';

const execute = promisify(execFile);

/** Runs a program of the host and returns its stdout. @throws with its stderr in the message. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { ...options, maxBuffer: 1 << 28 });
    return stdout;
  } catch (error) {
    const failure = error as NodeJS.ErrnoException & { stderr?: string };
    if (failure.code === 'ENOENT') throw new Error(`${program} is not installed`);
    throw new Error(`${program} ${args.join(' ')}: ${failure.stderr?.trim() || failure.message}`);
  }
}

/** @throws Unavailable with the names of the programs that are not installed. */
export function requirePrograms(...programs: string[]): void {
  const directories = (process.env.PATH ?? '').split(':');
  const missing = programs.filter(
    (program) => !directories.some((directory) => existsSync(join(directory, program))),
  );
  if (missing.length > 0) throw new Unavailable(`not installed: ${missing.join(', ')}`);
}
