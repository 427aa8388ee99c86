import { say } from '../../scripts/debian/progress';
import { GuestEnded } from './errors';
import type { Job, JobResult, Lab } from './types';

/**
 * A lab that outlives its guest. User-Mode Linux panics once in a great while, in places that have nothing to do with
 * IPVS; the hundreds of tests after it shall not fail for that. The panic is told, a new guest takes over, and the jobs that were
 * running are run again, once: a job that ends two guests is the cause, and fails.
 */
export async function openLasting(open: () => Promise<Lab>): Promise<Lab> {
  let guest = await open();
  let opening: Promise<void> | undefined;

  async function replace(ended: Lab, { message }: GuestEnded): Promise<void> {
    if (guest !== ended) return;
    opening ??= (async () => {
      say(`${message}\nlab: a new guest is started`);
      await ended.close();
      guest = await open();
    })().finally(() => {
      opening = undefined;
    });
    await opening;
  }

  async function run(job: Job): Promise<JobResult> {
    const first = guest;
    try {
      return await first.run(job);
    } catch (error) {
      if (!(error instanceof GuestEnded)) throw error;
      await replace(first, error);
      return guest.run(job);
    }
  }

  const { backend, kernel } = guest;
  return { backend, kernel, run, close: () => guest.close() };
}
