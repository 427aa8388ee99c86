/** The director daemon on Node. A bundle of its own: only `director run` loads it. */
import { runDaemon } from '../../daemon/run';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { DirectorEnd, DirectorRun, DirectorSystem } from '../../platform/director-system';
import { loadDaemonParts } from './daemon-parts';
import { openTableLock } from './held-table-lock';
import { nodeInteractiveSystem } from './interactive-system';
import { nodeSystem } from './system';

/**
 * Runs the daemon. It makes a System of its own, and tells of failures in words, because each bundle
 * has its own copy of the error classes.
 */
export async function runDirector(run: DirectorRun): Promise<DirectorEnd> {
  loadDaemonParts();
  try {
    return { status: await runDaemon(directorSystem(), run) };
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    return { status: error.status, message: error.message };
  } finally {
    // Checks and notifications that still run do not keep the process.
    setTimeout(() => process.exit(), 50).unref();
  }
}

export function directorSystem(): DirectorSystem {
  return Object.assign(nodeInteractiveSystem(nodeSystem([])), { openTableLock });
}
