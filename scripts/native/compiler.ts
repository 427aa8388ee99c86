/** The C compiler. */
import { runCommand } from '../debian/command';

export interface Compiler {
  /** What it says of itself: engines built by another are built again. */
  version: string;
  run(args: readonly string[]): Promise<void>;
  /** Takes what is not needed for running out of an executable. */
  strip(file: string): Promise<void>;
}

export async function findCompiler(): Promise<Compiler> {
  const program = process.env.CC || 'gcc';
  return {
    version: (await runCommand(program, ['--version'])).split('\n')[0]!,
    run: async (args) => {
      const said = await runCommand(program, args);
      if (said) process.stderr.write(said);
    },
    strip: async (file) => {
      await runCommand('strip', [file]);
    },
  };
}
