import { exitStatus } from '../../errors/exit-status';
import { isChange } from '../../ipvs/change';
import { failure, run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { terminalProgress } from '../../platform/progress';
import type { PlacedRequest } from '../../state/document/read';
import type { ReadState } from '../../state/files/read';
import { type PlannedChange, planChanges } from '../../state/plan/diff';
import { sendChanges } from '../../state/plan/send';
import type { Path } from '../../state/source/tree';
import type { TableState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { reportRefusals } from './refusals';

/** The changes that add a state to an empty table. */
export function additions(state: TableState): PlannedChange[] {
  return planChanges({ services: [], daemons: [] }, state);
}

/**
 * Adds the state of a file to the table. A refusal is reported with its place in the file, and the
 * rest goes on.
 * @returns 0, or the status of refused changes when the kernel refused one.
 * @throws IpvsadmError
 */
export async function loadState(read: ReadState, context: CommandContext, session: Session): Promise<number> {
  if (read.requests) return await loadRules(read, read.requests, context, session);
  return send(read, additions(read.state), context, session);
}

/** Carries out rules line by line: they may also edit, delete and list. */
async function loadRules(
  read: ReadState,
  requests: readonly PlacedRequest[],
  context: CommandContext,
  session: Session,
): Promise<number> {
  let status: number = exitStatus.ok;
  let waiting: PlannedChange[] = [];
  const located = {
    ...read,
    places: (paths: readonly Path[]) => paths.map(([index]) => requests[Number(index)]!.span),
  };
  const sendWaiting = () => {
    status = Math.max(status, send(located, waiting, context, session));
    waiting = [];
  };
  for (const [index, { request }] of requests.entries()) {
    if (isChange(request)) {
      waiting.push({ phase: 'build', change: request, path: [index] });
    } else {
      sendWaiting();
      status = Math.max(status, await run(request, session));
    }
  }
  sendWaiting();
  return status;
}

function send(
  read: ReadState,
  changes: readonly PlannedChange[],
  context: CommandContext,
  { connection }: Session,
): number {
  const { output, system } = context;
  const progress = terminalProgress(system, system.now);
  try {
    const refused = sendChanges(changes, connection.client, {
      stopAtRefusal: false,
      progress: (sent) => progress?.show(() => `${sent} of ${changes.length} changes`),
    });
    progress?.clear();
    if (refused.length === 0) return exitStatus.ok;
    reportRefusals(read, refused, context);
    const done = changes.length - refused.length;
    output.error(`ipvsadm: ${refused.length} refused, ${done} of ${changes.length} changes made`);
    return exitStatus.refused;
  } catch (error) {
    progress?.clear();
    throw failure('restore', error, exitStatus.refused);
  }
}
