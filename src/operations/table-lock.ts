/** Lets one subcommand at a time change the table of a network namespace. */
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { type InteractiveSystem, interruptions, type LockAttempt } from '../platform/interactive-system';
import type { Output } from '../platform/output';

/** How long to wait for another process, in milliseconds. */
const TIME_LIMIT = 10_000;
/** The time from one attempt to the next. */
const INTERVAL = 100;

/**
 * Does `work` while no other subcommand changes the table. Without a lock, as in a container whose
 * /run is read-only, it warns and goes on.
 * @throws IpvsadmError, status 2, if another process keeps the lock; nothing was changed then.
 */
export async function whileLocked<T>(
  system: InteractiveSystem,
  output: Output,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await takeLock(system, output);
  if (lock.kind === 'unavailable') {
    output.error(
      `ipvsadm: warning: the table is not locked (${lock.reason}): let no other ipvsadm change it now`,
    );
    return await work();
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

async function takeLock(
  system: InteractiveSystem,
  output: Output,
): Promise<Exclude<LockAttempt, { kind: 'held' }>> {
  let attempt = system.lockTable();
  if (attempt.kind !== 'held') return attempt;
  const limit = `${TIME_LIMIT / 1000} s`;
  output.note(`ipvsadm: another ipvsadm${processOf(attempt)} is changing this table; waiting up to ${limit}`);
  const start = system.now();
  return await system.interruptible(async (sleep) => {
    for (;;) {
      const signal = await sleep(INTERVAL);
      if (signal) {
        throw new IpvsadmError(
          'ipvsadm: interrupted while waiting: nothing was changed',
          exitStatus.signalled + interruptions[signal],
        );
      }
      attempt = system.lockTable();
      if (attempt.kind !== 'held') return attempt;
      if (system.now() - start >= TIME_LIMIT) {
        throw new IpvsadmError(
          `ipvsadm: another ipvsadm${processOf(attempt)} is still changing this table after ${limit}: nothing was changed; try again when it has ended`,
          exitStatus.usage,
        );
      }
    }
  });
}

function processOf({ holder }: { readonly holder: number | undefined }): string {
  return holder === undefined ? '' : ` (process ${holder})`;
}
