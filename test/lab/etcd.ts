/** etcd of Debian, for tests that keep a lease in a real one. It is linked statically but for the libc. */
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';
import { downloadAlone } from '../../scripts/debian/packages';

const suite = 'bookworm';
const packages = ['etcd-server', 'etcd-client'];

/** Returns the directory with etcd and etcdctl, whose path is the same in jobs. Downloads them first if necessary. */
export async function etcdPrograms(): Promise<string> {
  const tree = await cached({
    name: 'etcd',
    recipe: { suite, packages },
    async build(now) {
      for (const name of packages) {
        await downloadAlone(suite, name, async (archive) => {
          await runCommand('dpkg-deb', ['-x', archive, now]);
        });
      }
      for (const left of ['usr/share', 'etc', 'lib', 'var']) await runCommand('rm', ['-rf', join(now, left)]);
    },
  });
  return join(tree, 'usr/bin');
}
