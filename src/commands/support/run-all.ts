/** Carries out several changes, and passes over what is already as wanted. */
import { exitStatus } from '../../errors/exit-status';
import type { IpvsClient } from '../../ipvs/client';
import type { Change } from '../../model/change';
import { RehearsalClient } from '../../operations/rehearsal';
import { run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { exists, isMissing } from './tolerance';

/** What is no error, so that a script can run twice. */
export interface Tolerated {
  /** That an entry exists already. @returns in what it differs, for a message; undefined: in nothing. */
  readonly existing?: ((client: IpvsClient, change: Change) => string | undefined) | undefined;
  /** That an entry is missing already. */
  readonly missing?: boolean | undefined;
}

/** @returns the exit status. @throws IpvsadmError at the first refusal, and says what was done before. */
export async function runAll(
  changes: readonly Change[],
  session: Session,
  { existing, missing }: Tolerated,
): Promise<number> {
  const { output, connection } = session;
  for (const [index, change] of changes.entries()) {
    try {
      await run(change, session);
    } catch (error) {
      if (existing && exists(error)) {
        const difference = existing(connection.client, change);
        if (difference) output.note(`ipvsadm: ${difference}`);
      } else if (!(missing && isMissing(error))) {
        const were = connection.client instanceof RehearsalClient ? 'would be' : 'were';
        if (index > 0)
          output.error(`ipvsadm: ${index} of ${changes.length} changes ${were} made before this:`);
        throw error;
      }
    }
  }
  return exitStatus.ok;
}
