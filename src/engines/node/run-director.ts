/** The director daemon on Node. A bundle of its own: only `director run` loads it. */
import { runDaemon } from '../../daemon/run';
import type { DirectorRun } from '../../platform/director-system';
import { nodeInteractiveSystem } from './interactive-system';
import { nodeSystem } from './system';

/**
 * Runs the daemon. It makes a System of its own, because each bundle has its own copy of the error
 * classes. @returns the exit status.
 */
export async function runDirector(run: DirectorRun): Promise<number> {
  const status = await runDaemon(nodeInteractiveSystem(nodeSystem([])), run);
  // Checks and notifications that still run do not keep the process.
  setTimeout(() => process.exit(), 50).unref();
  return status;
}
