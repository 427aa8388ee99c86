/** Keeps the table in the history before a change. Whatever fails here, the change goes on. */
import { errno } from '../errors/errno';
import { strerror } from '../errors/kernel-messages';
import { headOf } from '../history/entry';
import { HISTORY_DIRECTORY, type Kept, keep, MAX_TABLE } from '../history/history';
import type { IpvsClient } from '../ipvs/client';
import { isNetlinkFailure } from '../netlink/errors';
import { conversationText } from '../operations/conversation';
import type { InteractiveSystem } from '../platform/interactive-system';
import { OutputError } from '../platform/system';
import { planChanges } from '../state/plan/diff';
import { readLiveUpTo } from '../state/table/live';
import type { WholeState } from '../state/table/table-state';

/** Who keeps tables. */
export interface Keeper {
  readonly system: Pick<
    InteractiveSystem,
    'args' | 'environment' | 'networkNamespace' | 'openRing' | 'programName' | 'readFile'
  >;
  /** Gets why a table is not kept. Absent: nobody hears of any failure. */
  readonly note?: (why: string) => void;
}

/**
 * Does `work`, which changes the table by `client`. If it does change it, the table before it stays
 * in the history.
 * @param compares whether `work` sends nothing that would set what is there.
 */
export async function keeping<T>(
  keeper: Keeper,
  client: IpvsClient,
  work: () => T | Promise<T>,
  compares: boolean,
): Promise<T> {
  const table = before(keeper, client);
  if (!table) return await work();
  const made = { ...client.changesMade };
  try {
    return await work();
  } finally {
    noting(keeper, () => {
      const now = client.changesMade;
      const certain = compares
        ? now.changes - made.changes
        : now.changes - now.setting - (made.changes - made.setting);
      const changed = certain > 0 || (now.changes > made.changes && differs(client, table.state));
      table.kept.settle(changed);
    });
  }
}

interface KeptTable {
  readonly state: WholeState;
  readonly kept: Kept;
}

function before(keeper: Keeper, client: IpvsClient): KeptTable | undefined {
  const { system } = keeper;
  return noting(keeper, () => {
    const ring = system.openRing(HISTORY_DIRECTORY, true);
    const state = readLiveUpTo(client, MAX_TABLE);
    if (state) return { state, kept: keep(ring, headOf(system, system.networkNamespace, Date.now()), state) };
    keeper.note?.(`it has more than ${MAX_TABLE} services and real servers`);
    return undefined;
  });
}

/** A change may have set what was there. A table that cannot be read counts as another one. */
function differs(client: IpvsClient, former: WholeState): boolean {
  try {
    const now = readLiveUpTo(client, MAX_TABLE);
    return !now || planChanges(former, now).length > 0;
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    return true;
  }
}

/** Nothing is said of a machine whose file system cannot be written: it has no history at all. */
function noting<T>({ note }: Keeper, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!note) return undefined;
    if (error instanceof OutputError) {
      if (error.errno !== errno.EROFS) note(`${HISTORY_DIRECTORY}: ${strerror(error.errno)}`);
    } else if (isNetlinkFailure(error)) note(conversationText(error, 'save'));
    else throw error;
    return undefined;
  }
}
