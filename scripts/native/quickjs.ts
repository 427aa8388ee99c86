/** Builds QuickJS from Debian's source: the engine and the bytecode compiler, kept in the cache. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../debian/cache';
import { runCommand } from '../debian/command';
import { type SourcePackage, unpackSource } from '../debian/packages';
import { linkingSanitizers, type Toolchain } from './toolchain';

/**
 * Debian's patches to this version only concern its Makefile, which is not used here. Check them
 * again before changing the version.
 */
export const source: SourcePackage = { suite: 'trixie', name: 'quickjs', version: '2025.04.26-1' };

/**
 * The engine. quickjs-libc.c, which accesses files and processes, is only linked into the compiler.
 */
const engine = ['quickjs', 'libregexp', 'libunicode', 'cutils', 'dtoa'];

export interface Quickjs {
  version: string;
  /** The text of its license. */
  license: string;
  /** The directory of quickjs.h. */
  include: string;
  /** The engine's object files. */
  objects: string[];
  /** The bytecode compiler. */
  qjsc: string;
}

/** Returns the engine compiled with `flags`, from the cache if possible. */
export async function quickjs(toolchain: Toolchain, flags: readonly string[]): Promise<Quickjs> {
  const root = await cached({
    name: 'quickjs',
    recipe: { source, engine, flags, compiler: toolchain.version },
    async build(directory) {
      mkdirSync(join(directory, 'source'));
      await unpackSource(source, toolchain.programs.xz, join(directory, 'source'));
      await buildEngine(toolchain, flags, directory);
    },
  });
  return {
    version: versionIn(root),
    license: readFileSync(join(root, 'source/LICENSE'), 'utf8').trim(),
    include: join(root, 'source'),
    objects: engine.map((name) => join(root, `${name}.o`)),
    qjsc: join(root, 'qjsc'),
  };
}

function versionIn(root: string): string {
  return readFileSync(join(root, 'source/VERSION'), 'utf8').trim();
}

async function buildEngine(toolchain: Toolchain, flags: readonly string[], root: string): Promise<void> {
  const usual = ['-w', '-fwrapv', '-D_GNU_SOURCE', `-DCONFIG_VERSION="${versionIn(root)}"`];
  const compile = (name: string, own: readonly string[]) =>
    toolchain.compile([
      ...usual,
      ...own,
      '-c',
      join(root, `source/${name}.c`),
      '-o',
      join(root, `${name}.o`),
    ]);
  await Promise.all([
    ...engine.map((name) => compile(name, flags)),
    ...['qjsc', 'quickjs-libc'].map((name) => compile(name, [...flags, '-DCONFIG_PREFIX="/usr"'])),
  ]);
  const objects = [...engine, 'qjsc', 'quickjs-libc'].map((name) => join(root, `${name}.o`));
  const link = flags.some((flag) => flag.startsWith('-fsanitize')) ? linkingSanitizers : [];
  await toolchain.compile([
    ...flags,
    ...link,
    '-pie',
    ...objects,
    '-o',
    join(root, 'qjsc'),
    '-lm',
    '-ldl',
    '-lpthread',
  ]);
}

/** Compiles a script to bytecode, as C source that defines `program` and `program_size`. */
export async function compileScript({ qjsc }: Quickjs, script: string, output: string): Promise<void> {
  // Leaks of the compiler itself do not matter.
  const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
  await runCommand(qjsc, ['-c', '-s', '-N', 'program', '-o', output, script], { env });
}
