/**
 * A toolchain whose executables need no file but themselves: the C library musl of Debian 12, linked
 * statically. That of glibc is three times as large (docs/decisions/static-program.md).
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached } from '../debian/cache';
import type { SourcePackage } from '../debian/packages';
import { unpackPackages } from '../debian/packages';
import type { Toolchain } from './toolchain';

/** What is linked: for the bill of materials. */
export const source: SourcePackage = { suite: 'bookworm', name: 'musl', version: '1.2.3-1' };

const recipe = { suite: source.suite, packages: ['musl-dev', 'linux-libc-dev'] };

const triplet = 'x86_64-linux-musl';

/** Returns the tree of musl's package. */
export function muslTree(): Promise<string> {
  return cached({
    name: 'musl',
    recipe,
    async build(now, later) {
      await unpackPackages(recipe, now);
      // The kernel's headers, among those of musl.
      const headers = join(now, 'usr/include', triplet);
      for (const name of ['linux', 'asm-generic']) symlinkSync(`../${name}`, join(headers, name));
      symlinkSync('../x86_64-linux-gnu/asm', join(headers, 'asm'));
      const file = join(now, specs);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, specsText(later));
    },
  });
}

/** Returns the toolchain `gcc`, with musl in place of its C library. */
export async function withMusl(gcc: Toolchain): Promise<Toolchain> {
  if (process.arch !== 'x64') throw new Error(`static executables for ${process.arch} are not supported`);
  const tree = await muslTree();
  return {
    ...gcc,
    version: `${gcc.version}, musl ${source.version}`,
    compile: (args) => gcc.compile([`-specs=${join(tree, specs)}`, ...args]),
  };
}

const specs = 'usr/lib/static-pie.specs';

/** What gcc's specs file changes: headers, files to link, and that everything is a static PIE. */
function specsText(tree: string): string {
  const library = join(tree, 'usr/lib', triplet);
  const headers = `-nostdinc -isystem ${join(tree, 'usr/include', triplet)} -isystem include%s`;
  const sections = {
    cpp_options: `${headers} %(old_cpp_options)`,
    cc1: `%(cc1_cpu) ${headers}`,
    link_libgcc: `-L${library} -L .%s`,
    libgcc: 'libgcc.a%s libgcc_eh.a%s',
    startfile: `${library}/rcrt1.o ${library}/crti.o crtbeginS.o%s`,
    endfile: `crtendS.o%s ${library}/crtn.o`,
    link: '-static -pie --no-dynamic-linker -z text -nostdlib',
  };
  const texts = Object.entries(sections).map(([name, text]) => `*${name}:\n${text}\n`);
  return `%rename cpp_options old_cpp_options\n\n${texts.join('\n')}`;
}
