/** --dry-run of the subcommands that change something. */
import { exitStatus } from '../../errors/exit-status';
import { RehearsalClient } from '../../operations/rehearsal';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import { planChanges } from '../../state/plan/diff';
import { readLive } from '../../state/table/live';
import type { WholeState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { printPlan } from './print-plan';

/**
 * Does `work` on a copy of the table, and prints what it would change.
 * @returns the exit status: as that of diff, unless `work` has another one.
 */
export async function rehearse(
  context: CommandContext,
  session: Session,
  work: (session: Session) => number | Promise<number>,
): Promise<number> {
  const before = readTable(session);
  const client = new RehearsalClient(context.system.openTransport(), before);
  try {
    const status = await work({ ...session, connection: { ...session.connection, client } });
    const plan = planChanges(before, client.state);
    printPlan(plan, before, 'the table after it', { color: 'auto' }, context);
    return status === exitStatus.ok && plan.length > 0 ? exitStatus.differs : status;
  } finally {
    client.close();
  }
}

function readTable({ connection }: Session): WholeState {
  try {
    return readLive(connection.client);
  } catch (error) {
    throw failure('save', error, exitStatus.refused);
  }
}
