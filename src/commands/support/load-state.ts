import { exitStatus } from '../../errors/exit-status';
import { isChange } from '../../ipvs/change';
import { failure, run } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { PlacedRequest } from '../../state/document/read';
import type { ReadState } from '../../state/files/read';
import { type PlannedChange, planChanges } from '../../state/plan/diff';
import { sendChanges } from '../../state/plan/send';
import type { TableState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { progressOn } from './progress';
import { tellRefusals } from './refusals';

/** The changes that add a state to an empty table. */
export function additions(state: TableState): PlannedChange[] {
  return planChanges({ services: [], daemons: [] }, state);
}

/**
 * Adds what a file says to the table. A refusal is told with its place, and stops nothing.
 * @returns 0, or the status of refused changes when one was refused.
 */
export async function loadState(read: ReadState, context: CommandContext, session: Session): Promise<number> {
  if (read.requests) return await loadRules(read, read.requests, context, session);
  return send(read, additions(read.state), context, session);
}

/** Rules are carried out line by line, also those that change, list or clear. */
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
    locate: ([index]: readonly (string | number)[]) => requests[Number(index)]!.span,
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
  const progress = progressOn(context.system, changes.length, 'changes');
  try {
    const refused = sendChanges(changes, connection.client, {
      stopAtRefusal: false,
      progress: (sent) => progress.show(sent),
    });
    progress.end();
    if (refused.length === 0) return exitStatus.ok;
    tellRefusals(read, refused, context);
    const done = changes.length - refused.length;
    context.output.error(`ipvsadm: ${refused.length} refused, ${done} of ${changes.length} changes made`);
    return exitStatus.refused;
  } catch (error) {
    progress.end();
    throw failure('restore', error, exitStatus.refused);
  }
}
