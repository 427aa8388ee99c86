import { exitStatus } from '../../errors/exit-status';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import { readLive } from '../../state/table/live';

/** The table of the kernel. @throws IpvsadmError if it cannot be read. */
export function liveState({ connection }: Session): ReturnType<typeof readLive> {
  try {
    return readLive(connection.client);
  } catch (error) {
    throw failure('save', error, exitStatus.listing);
  }
}
