import { execFileSync } from 'node:child_process';

/**
 * SOURCE_DATE_EPOCH, else the time of the last commit, in seconds since 1970: so that builds are
 * reproducible.
 */
export function sourceDate(): number {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH) return Number(SOURCE_DATE_EPOCH);
  try {
    const args = ['log', '-1', '--format=%ct'];
    return Number(
      execFileSync('git', args, { cwd: __dirname, stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
    );
  } catch {
    return Math.floor(Date.now() / 1000); // not a checkout
  }
}

/** The day of `sourceDate`, as 2026-01-31. */
export function releaseDate(): string {
  return new Date(sourceDate() * 1000).toISOString().slice(0, 10);
}
