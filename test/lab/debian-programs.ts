/** Programs of Debian that tests compare with or use, each with the libraries that it needs. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';

/** By the names of their packages. */
const paths = { keepalived: 'usr/sbin/keepalived', tmux: 'usr/bin/tmux', curl: 'usr/bin/curl' } as const;

/** Returns its path, which is the same in jobs. Downloads it first if necessary. */
export async function debianProgram(name: keyof typeof paths): Promise<string> {
  const packages = [name, 'patchelf'];
  const programs = [paths[name]];
  const tree = await cached({
    name,
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
  return join(tree, paths[name]);
}
