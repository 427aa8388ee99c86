/** Builds QuickJS from Debian's source: the engine and the bytecode compiler, kept in the cache. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** Errors of the source: a text that occurs once in a file, and its replacement. */
const corrections = [
  {
    // The highest word of a BigInt from 2^63 to 2^64-1 is 0, for which clz64 is undefined. How much
    // memory the digits get depends on it.
    file: 'quickjs.c',
    wrong: 'return clz64(a);',
    right: 'return a == 0 ? JS_LIMB_BITS : clz64(a);',
  },
  {
    // Memory that runs out while the backtrace of an exception is made throws another one, which frees it.
    file: 'quickjs.c',
    wrong: 'build_backtrace(ctx, rt->current_exception, NULL, 0, 0, 0);',
    right:
      'JSValue thrown = JS_DupValue(ctx, rt->current_exception); ' +
      'build_backtrace(ctx, thrown, NULL, 0, 0, 0); JS_FreeValue(ctx, thrown);',
  },
];

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
    recipe: { source, corrections, engine, flags, compiler: toolchain.version },
    async build(directory) {
      mkdirSync(join(directory, 'source'));
      await unpackSource(source, toolchain.programs.xz, join(directory, 'source'));
      for (const { file, wrong, right } of corrections) {
        const path = join(directory, 'source', file);
        const parts = readFileSync(path, 'latin1').split(wrong);
        if (parts.length !== 2) throw new Error(`${file} of QuickJS does not contain '${wrong}' once`);
        writeFileSync(path, parts.join(right), 'latin1');
      }
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

/**
 * Compiles the modules `NAME.js` of a folder to bytecode.
 * @returns C files that define it, and `parts` of src/engines/quickjs/parts.h.
 */
export async function compileModules(
  { qjsc }: Quickjs,
  folder: string,
  names: readonly string[],
): Promise<string[]> {
  // Leaks of the compiler itself do not matter.
  const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
  for (const [index, name] of names.entries()) {
    // Relative, as the bytecode holds the name of the file.
    const args = ['-m', '-c', '-s', '-N', `part_${index}`, '-o', `${name}.c`, `${name}.js`];
    await runCommand(qjsc, args, { env, cwd: folder });
  }
  const table = join(folder, 'table.c');
  writeFileSync(table, tableOf(names));
  return [...names.map((name) => join(folder, `${name}.c`)), table];
}

function tableOf(names: readonly string[]): string {
  const lines = (line: (name: string, index: number) => string) => `${names.map(line).join('\n')}\n`;
  return `#include "parts.h"
${lines((_name, index) => `extern const uint8_t part_${index}[];\nextern const uint32_t part_${index}_size;`)}
const struct part parts[] = {
${lines((name, index) => `  {"${name}", part_${index}, &part_${index}_size},`)}  {0},
};
`;
}
