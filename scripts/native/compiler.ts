/**
 * The C compiler: that of Debian 12, unpacked where nobody else sees it, so that every machine builds the same
 * executable, one that runs with the C library of Debian 12 too.
 */
import { join } from 'node:path';
import { cached } from '../debian/cache';
import { requirePrograms, runCommand } from '../debian/command';
import { unpackPackages } from '../debian/packages';
import { keepLinksInside, usePrivateLibraries } from '../debian/private-programs';

export interface Compiler {
  /** What it says of itself: engines built by another are built again. */
  version: string;
  run(args: readonly string[]): Promise<void>;
  /** Takes what is not needed for running out of an executable. */
  strip(file: string): Promise<void>;
  /** The program that decompresses the sources to be compiled. */
  xz: string;
}

/** Linking with sanitizers: where a private gcc has their libraries, no program would find them. */
export const linkingSanitizers = ['-static-libasan', '-static-libubsan'];

/**
 * The variable CC names another compiler, which is taken to stand beside a linker, strip and xz. On other processors
 * than x64 that is the machine's gcc.
 */
export async function findCompiler(): Promise<Compiler> {
  const own = process.env.CC || (process.arch === 'x64' ? undefined : 'gcc');
  if (own !== undefined) {
    requirePrograms('strip', 'xz');
    return compilerOf(own, [], { strip: 'strip', xz: 'xz' });
  }
  const tree = await privateTree();
  const program = (name: string) => join(tree, 'usr/bin', name);
  const always = [`--sysroot=${tree}`, `-B${program('/')}`];
  return compilerOf(program('gcc'), always, { strip: program('strip'), xz: program('xz') });
}

async function compilerOf(
  gcc: string,
  always: readonly string[],
  { strip, xz }: { strip: string; xz: string },
): Promise<Compiler> {
  return {
    version: (await runCommand(gcc, ['--version'])).split('\n')[0]!,
    run: async (args) => {
      await runCommand(gcc, [...always, ...args]);
    },
    strip: async (file) => {
      await runCommand(strip, [file]);
    },
    xz,
  };
}

/** What is fetched, and what of it is patched to run with the tree's own libraries. */
const recipe = {
  suite: 'bookworm',
  packages: ['gcc', 'libc6-dev', 'xz-utils', 'patchelf'],
  programs: ['xz', ...['gcc-12', 'as', 'ld.bfd', 'strip'].map((name) => `x86_64-linux-gnu-${name}`)],
  helpers: ['cc1', 'collect2'],
};

function privateTree(): Promise<string> {
  return cached({
    name: 'gcc',
    recipe,
    async build(now, later) {
      await unpackPackages(recipe, now);
      keepLinksInside(now);
      const programs = recipe.programs.map((name) => join('usr/bin', name));
      const helpers = recipe.helpers.map((name) => join('usr/lib/gcc/x86_64-linux-gnu/12', name));
      await usePrivateLibraries({ now, later }, [...programs, ...helpers], now);
    },
  });
}
