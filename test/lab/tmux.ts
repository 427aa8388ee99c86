/** tmux of Debian, for tests that look at what a whole terminal shows. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';

const suite = 'bookworm';
const packages = ['tmux', 'patchelf'];
const programs = ['usr/bin/tmux'];

/** Returns its path, which is the same in jobs. Downloads it first if necessary. */
export async function tmuxProgram(): Promise<string> {
  const tree = await cached({
    name: 'tmux',
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
  return join(tree, programs[0]!);
}
