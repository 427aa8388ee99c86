/**
 * The C compiler and binary utilities: Debian 12's, unpacked in the cache, so that every machine
 * builds the same executable, which also runs with the C library of Debian 12.
 */
import { join } from 'node:path';
import { cached } from '../debian/cache';
import { requirePrograms, runCommand } from '../debian/command';
import { unpackPackages } from '../debian/packages';
import { keepLinksInside, usePrivateLibraries } from '../debian/private-programs';

export interface Toolchain {
  /** The first line of the compiler's --version. A different compiler rebuilds the engine. */
  version: string;
  /** Runs the compiler. */
  compile(args: readonly string[]): Promise<void>;
  /** The other programs, by name or path. */
  programs: Readonly<Record<OtherProgram, string>>;
}

/** xz decompresses the source of QuickJS. */
type OtherProgram = 'strip' | 'objdump' | 'xz';

/**
 * Links the sanitizers statically, because programs would not find the libraries of a private gcc.
 */
export const linkingSanitizers = ['-static-libasan', '-static-libubsan'];

/**
 * Returns the toolchain. The variable CC selects another compiler, used with the machine's other
 * programs. On architectures other than x64 the default is the machine's gcc.
 */
export async function findToolchain(): Promise<Toolchain> {
  const own = process.env.CC || (process.arch === 'x64' ? undefined : 'gcc');
  if (own !== undefined) {
    const programs = othersIn((name) => name);
    requirePrograms(...Object.values(programs));
    return toolchainOf(own, [], programs);
  }
  const tree = await privateTree();
  const place = (name: string) => join(tree, 'usr/bin', name);
  return toolchainOf(place('gcc'), [`--sysroot=${tree}`, `-B${place('/')}`], othersIn(place));
}

function othersIn(place: (name: string) => string): Toolchain['programs'] {
  return { strip: place('strip'), objdump: place('objdump'), xz: place('xz') };
}

async function toolchainOf(
  gcc: string,
  always: readonly string[],
  programs: Toolchain['programs'],
): Promise<Toolchain> {
  return {
    version: (await runCommand(gcc, ['--version'])).split('\n')[0]!,
    compile: async (args) => {
      await runCommand(gcc, [...always, ...args]);
    },
    programs,
  };
}

/** The packages to download, and the programs to patch to use the tree's own libraries. */
const recipe = {
  suite: 'bookworm',
  packages: ['gcc', 'libc6-dev', 'xz-utils', 'patchelf'],
  programs: [
    'xz',
    ...['gcc-12', 'as', 'ld.bfd', 'strip', 'objdump'].map((name) => `x86_64-linux-gnu-${name}`),
  ],
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
