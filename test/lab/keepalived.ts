/** keepalived itself, for tests that compare its table with ours. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';
const packages = ['keepalived', 'patchelf'];
const programs = ['usr/sbin/keepalived'];

/** Returns its path, which is the same in jobs. Downloads it first if necessary. */
export async function keepalivedProgram(): Promise<string> {
  const tree = await cached({
    name: 'keepalived',
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
  return join(tree, programs[0]!);
}
