import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { requirePrograms } from './command';
import { withLock } from './lock';
import { say } from './progress';

/** Returns the directory that keeps everything fetched or built between runs. */
export function cacheDirectory(): string {
  const { IPVSADM_LAB_CACHE, XDG_CACHE_HOME } = process.env;
  return resolve(IPVSADM_LAB_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'ipvsadm-lab'));
}

export interface CacheEntry {
  name: string;
  /** Everything that determines the result of `build`. When it changes, the entry is rebuilt. */
  recipe: unknown;
  /**
   * Fills `directory`, which is then renamed to `finalDirectory`, so that the entry appears
   * atomically. Paths written into files must refer to `finalDirectory`.
   */
  build(directory: string, finalDirectory: string): Promise<void>;
}

/** Returns the directory of a cache entry, and builds the entry first if necessary. */
export async function cached(entry: CacheEntry): Promise<string> {
  const root = cacheDirectory();
  // The key includes the path, because programs in the cache contain the absolute paths of their
  // libraries.
  const key = createHash('sha256')
    .update(JSON.stringify([root, entry.recipe]))
    .digest('hex')
    .slice(0, 12);
  const directory = join(root, `${entry.name}-${key}`);
  if (existsSync(directory)) return directory;

  requirePrograms('apt-config', 'apt-get', 'dpkg-deb', 'flock');
  mkdirSync(root, { recursive: true });
  await withLock(join(root, 'lock'), async () => {
    if (existsSync(directory)) return; // built by another run while this one was waiting
    say(`preparing ${entry.name} in ${root} (first run only)`);
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
