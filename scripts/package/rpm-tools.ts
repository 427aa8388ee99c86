/** Debian's rpm and rpmbuild, unpacked in the cache. */
import { join } from 'node:path';
import { cached } from '../debian/cache';
import { unpackPackages } from '../debian/packages';
import { keepLinksInside, usePrivateLibraries } from '../debian/private-programs';

const recipe = {
  suite: 'bookworm',
  packages: ['rpm', 'patchelf'],
  programs: ['usr/bin/rpm', 'usr/bin/rpmbuild', 'usr/lib/rpm/elfdeps'],
};

export interface RpmTools {
  rpm: string;
  rpmbuild: string;
  /** What makes the programs read their own tree's settings, not the machine's or the user's. */
  env: Record<string, string>;
  /** The same, of the command line. */
  settings: readonly string[];
}

export async function rpmTools(): Promise<RpmTools> {
  const tree = await cached({
    name: 'rpm',
    recipe,
    async build(now, later) {
      await unpackPackages(recipe, now);
      keepLinksInside(now);
      await usePrivateLibraries({ now, later }, recipe.programs, now);
    },
  });
  const settings = join(tree, 'usr/lib/rpm');
  return {
    rpm: join(tree, 'usr/bin/rpm'),
    rpmbuild: join(tree, 'usr/bin/rpmbuild'),
    env: { RPM_CONFIGDIR: settings, MAGIC: join(tree, 'usr/lib/file/magic.mgc') },
    settings: [
      '--macros',
      `${settings}/macros:${settings}/platform/%{_target}/macros:${settings}/fileattrs/*.attr`,
    ],
  };
}
