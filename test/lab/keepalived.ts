/** The genuine keepalived, for tests that compare what it makes of a configuration with what ours does. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';
const packages = ['keepalived', 'patchelf'];
const programs = ['usr/sbin/keepalived'];

/** Its path, which jobs see as well; fetched when it is not there yet. */
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
