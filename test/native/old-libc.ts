/** Trees with nothing but the C library of the oldest Debian that mirrors still have. */
import { cached } from '../../scripts/debian/cache';
import { unpackPackages } from '../../scripts/debian/packages';

/** glibc 2.31. Debian's names of the processors. */
export async function oldLibc(architecture: 'amd64' | 'arm64'): Promise<string> {
  const set = { suite: 'bullseye', packages: ['libc6'], architecture };
  return await cached({
    name: `libc-bullseye-${architecture}`,
    recipe: set,
    build: (now) => unpackPackages(set, now),
  });
}
