/** What runs on and on: the director daemon, and the page. A bundle of its own, with a System of its own. */
import { runDaemon } from '../../daemon/run';
import { runTablePage } from '../../daemon/table-page';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { DirectorEnd, DirectorRun, DirectorSystem } from '../../platform/director-system';
import type { WebRun } from '../../platform/web-run';
import { loadDaemonParts } from './daemon-parts';
import { openTableLock } from './held-table-lock';
import { nodeInteractiveSystem } from './interactive-system';
import { nodeSystem } from './system';

/** Runs the daemon. */
export function runDirector(run: DirectorRun): Promise<DirectorEnd> {
  loadDaemonParts();
  return ended(() => runDaemon(directorSystem(), run));
}

/** Serves the page of a table without the daemon. */
export function runWeb(run: WebRun): Promise<DirectorEnd> {
  loadDaemonParts();
  return ended(() => runTablePage(nodeInteractiveSystem(nodeSystem([])), run));
}

/** Tells of failures in words, because each bundle has its own copy of the error classes. */
async function ended(work: () => Promise<number>): Promise<DirectorEnd> {
  try {
    return { status: await work() };
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
