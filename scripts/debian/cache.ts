import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { requirePrograms } from './command';
import { withLock } from './lock';
import { say } from './progress';

/** Where everything that was fetched or built is kept between runs. */
export function cacheDirectory(): string {
  const { IPVSADM_LAB_CACHE, XDG_CACHE_HOME } = process.env;
  return resolve(IPVSADM_LAB_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ipvsadm-lab'));
}

export interface CacheEntry {
  name: string;
  /** Everything that decides what `build` makes: when it changes, the entry is built again. */
  recipe: unknown;
  /**
   * Fills `directory`. The directory is renamed to `finalDirectory` afterwards, so that nobody ever sees half of
   * it: paths written into files must be those of `finalDirectory`.
   */
  build(directory: string, finalDirectory: string): Promise<void>;
}

/** The directory of a cache entry, built first if it is not there yet. */
export async function cached(entry: CacheEntry): Promise<string> {
  const root = cacheDirectory();
  // The path counts as well: programs in the cache are patched to find their libraries at their full path.
  const key = createHash('sha256')
    .update(JSON.stringify([root, entry.recipe]))
    .digest('hex')
    .slice(0, 12);
  const directory = join(root, `${entry.name}-${key}`);
  if (existsSync(directory)) return directory;

  requirePrograms('apt-config', 'apt-get', 'dpkg-deb', 'flock');
  mkdirSync(root, { recursive: true });
  await withLock(join(root, 'lock'), async () => {
    if (existsSync(directory)) return; // another run made it while this one waited
    say(`preparing ${entry.name} in ${root} (only once)`);
    const unfinished = mkdtempSync(join(root, 'unfinished-'));
    try {
      await entry.build(unfinished, directory);
      renameSync(unfinished, directory);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  });
  return directory;
}
