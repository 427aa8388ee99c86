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

/** The processors that executables are built for, by Node's names. */
export const architectures = ['x64', 'arm64'] as const;
export type Architecture = (typeof architectures)[number];

/** A package set, and the programs in it to patch to use the tree's own libraries. */
interface Recipe {
  suite: string;
  packages: readonly string[];
  programs: readonly string[];
  helpers: readonly string[];
}

/** The trees of a machine with an x64 processor. */
const trees: Readonly<
  Record<Architecture, { name: string; prefix: string; helpers: string; recipe: Recipe }>
> = {
  x64: {
    name: 'gcc',
    prefix: '',
    helpers: 'usr/lib/gcc/x86_64-linux-gnu/12',
    recipe: recipeOf('x86_64-linux-gnu', ['gcc', 'libc6-dev', 'xz-utils', 'patchelf']),
  },
  arm64: {
    name: 'gcc-arm64',
    prefix: 'aarch64-linux-gnu-',
    helpers: 'usr/lib/gcc-cross/aarch64-linux-gnu/12',
    recipe: recipeOf('aarch64-linux-gnu', [
      'gcc-aarch64-linux-gnu',
      'libc6-dev-arm64-cross',
      'xz-utils',
      'patchelf',
    ]),
  },
};

function recipeOf(target: string, packages: readonly string[]): Recipe {
  return {
    suite: 'bookworm',
    packages,
    programs: ['xz', ...['gcc-12', 'as', 'ld.bfd', 'strip', 'objdump'].map((name) => `${target}-${name}`)],
    helpers: ['cc1', 'collect2'],
  };
}

/** Returns the processor of this machine. @throws if no executable can be built for it. */
export function ownArchitecture(): Architecture {
  const own = architectures.find((name) => name === process.arch);
  if (own === undefined) throw new Error(`the native program is not supported on ${process.arch}`);
  return own;
}

/** Returns the processors that this machine can build for. */
export function buildableArchitectures(): readonly Architecture[] {
  return process.arch === 'x64' ? architectures : [ownArchitecture()];
}

/**
 * Returns the toolchain that builds for `target`. For the machine's own processor the variable CC
 * selects another compiler, used with the machine's other programs. On architectures other than x64
 * the default is the machine's gcc, and nothing else can be built.
 */
export async function findToolchain(target: Architecture = ownArchitecture()): Promise<Toolchain> {
  const isOwn = target === process.arch;
  const own = (isOwn && process.env.CC) || (process.arch === 'x64' ? undefined : 'gcc');
  if (own !== undefined) {
    if (!isOwn) throw new Error(`only x64 machines build for other processors; this is ${process.arch}`);
    const programs = othersIn((name) => name);
    requirePrograms(...Object.values(programs));
    return toolchainOf(own, [], programs);
  }
  const tree = await privateTree(target);
  const { prefix } = trees[target];
  const place = (name: string) => join(tree, 'usr/bin', name);
  // A cross compiler finds its binary utilities relative to itself.
  const search = isOwn ? [`-B${place('/')}`] : [];
  const programs = { ...othersIn((name) => place(prefix + name)), xz: place('xz') };
  return toolchainOf(place(`${prefix}gcc`), [`--sysroot=${tree}`, ...search], programs);
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

function privateTree(target: Architecture): Promise<string> {
  const { name, helpers, recipe } = trees[target];
  return cached({
    name,
    recipe,
    async build(now, later) {
      await unpackPackages(recipe, now);
      keepLinksInside(now);
      const programs = recipe.programs.map((program) => join('usr/bin', program));
      const inside = recipe.helpers.map((helper) => join(helpers, helper));
      await usePrivateLibraries({ now, later }, [...programs, ...inside], now);
    },
  });
}
