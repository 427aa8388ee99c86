import { execFileSync } from 'node:child_process';

/** Seconds since 1970 of the last commit, or SOURCE_DATE_EPOCH: what is built twice is the same twice. */
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

/** The day of `sourceDate`. */
export function releaseDate(): string {
  return new Date(sourceDate() * 1000).toISOString().slice(0, 10);
}
