/** The C compiler: the machine's gcc, or Debian's, unpacked where nobody else sees it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../debian/cache';
import { runCommand } from '../debian/command';
import { Unavailable } from '../debian/errors';
import { unpackPackages } from '../debian/packages';
import { usePrivateLibraries } from '../debian/private-programs';

export interface Compiler {
  /** What it says of itself: engines built by another are built again. */
  version: string;
  run(args: readonly string[]): Promise<void>;
  /** Takes what is not needed for running out of an executable. */
  strip(file: string): Promise<void>;
}

/** Linking with sanitizers: where a private gcc has their libraries, no program would find them. */
export const linkingSanitizers = ['-static-libasan', '-static-libubsan'];

/** The variable CC names another compiler, which is taken to stand beside a linker and strip. */
export async function findCompiler(): Promise<Compiler> {
  const named = process.env.CC;
  if (named || onPath('gcc')) return compilerOf(named || 'gcc', [], 'strip');
  const tree = await privateTree();
  const programs = join(tree, 'usr/bin');
  return compilerOf(join(programs, 'gcc'), [`--sysroot=${tree}`, `-B${programs}/`], join(programs, 'strip'));
}

async function compilerOf(gcc: string, always: readonly string[], strip: string): Promise<Compiler> {
  return {
    version: (await runCommand(gcc, ['--version'])).split('\n')[0]!,
    run: async (args) => {
      await runCommand(gcc, [...always, ...args]);
    },
    strip: async (file) => {
      await runCommand(strip, [file]);
    },
  };
}

/** What is fetched, and what of it is patched to run with the tree's own libraries. */
const recipe = {
  suite: 'bookworm',
  packages: ['gcc', 'libc6-dev', 'patchelf'],
  programs: ['gcc-12', 'as', 'ld.bfd', 'strip'].map((name) => `usr/bin/x86_64-linux-gnu-${name}`),
  helpers: ['cc1', 'collect2'].map((name) => `usr/lib/gcc/x86_64-linux-gnu/12/${name}`),
};

function privateTree(): Promise<string> {
  if (process.arch !== 'x64') {
    throw new Unavailable('there is no gcc: install the Debian packages gcc and libc6-dev');
  }
  return cached({
    name: 'gcc',
    recipe,
    async build(now, later) {
      await unpackPackages(recipe, now);
      await usePrivateLibraries({ now, later }, [...recipe.programs, ...recipe.helpers], now);
    },
  });
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(':').some((directory) => existsSync(join(directory, program)));
}
