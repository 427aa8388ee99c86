/** promtool of Debian's Prometheus, which checks metrics. It is linked statically but for the libc. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';
import { downloadAlone } from '../../scripts/debian/packages';

const suite = 'bookworm';
const name = 'prometheus';

/** Returns its path. Downloads it first if necessary. */
export async function promtool(): Promise<string> {
  const tree = await cached({
    name: 'promtool',
    recipe: { suite, name },
    async build(now) {
      await downloadAlone(suite, name, async (archive) => {
        await runCommand('dpkg-deb', ['-x', archive, now]);
      });
      for (const left of ['usr/bin/prometheus', 'usr/share', 'etc', 'lib', 'var']) {
        await runCommand('rm', ['-rf', join(now, left)]);
      }
    },
  });
  return join(tree, 'usr/bin/promtool');
}
