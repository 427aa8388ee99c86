/** Sends a plan, phase by phase, so that nothing is removed in place of what could not be added. */
import type { IpvsClient } from '../ipvs/client';
import { type PlannedChange, phases } from '../state/plan/diff';
import { type RefusedChange, type SentChange, sendChanges, withoutConsequences } from '../state/plan/send';
import { serviceName } from '../state/table/table-state';

export interface Sending {
  readonly made: readonly SentChange[];
  readonly refused: readonly RefusedChange[];
  /** The netlink failure that ended it. */
  readonly failure?: unknown;
  /** A service was left because the table would have been without any. */
  readonly lastKept?: string | undefined;
}

/** The key of the service that a change is of; '' for time-outs and sync daemons. */
export function serviceOf({ change }: PlannedChange): string {
  if ('service' in change) return serviceName(change.service.key);
  return 'key' in change && change.key ? serviceName(change.key) : '';
}

/**
 * Sends the changes of a plan. What the kernel refuses stops removals from its own service.
 * @param count how many services the table has; undefined: none is to be deleted.
 * @param isDead whether a server is removed because it is down, which no refusal holds up.
 * @param pause called between datagrams; returns whether to stop.
 */
export async function sendPlan(
  plan: readonly PlannedChange[],
  client: IpvsClient,
  count: number | undefined,
  isDead: (planned: PlannedChange) => boolean,
  pause: () => Promise<boolean>,
): Promise<Sending> {
  const made: SentChange[] = [];
  const refused: RefusedChange[] = [];
  let lastKept: string | undefined;
  try {
    for (const phase of phases) {
      const stuck = new Set(refused.map(({ planned }) => serviceOf(planned)));
      let changes = plan.filter(
        (planned) =>
          planned.phase === phase && (stuck.size === 0 || !stuck.has(serviceOf(planned)) || isDead(planned)),
      );
      if (phase === 'remove') ({ changes, lastKept } = withoutLast(changes, made, count));
      if (changes.length === 0) continue;
      if (made.length > 0 && (await pause())) break;
      refused.push(...(await sendChanges(changes, client, { stopAtRefusal: false, log: made, pause })));
    }
    return { made, refused: withoutConsequences(refused), lastKept };
  } catch (failure) {
    return { made, refused, failure, lastKept };
  }
}

/**
 * Leaves out the deletion of the last service: without one, the kernel takes its hooks out, and this
 * machine itself resets every connection.
 */
function withoutLast(
  changes: PlannedChange[],
  made: readonly SentChange[],
  count = 0,
): { changes: PlannedChange[]; lastKept?: string | undefined } {
  const deletions = changes.filter(({ change }) => change.kind === 'delete-service');
  const added = made.filter(({ planned, certain }) => certain && planned.change.kind === 'add-service');
  const last = deletions.at(-1);
  if (!last || count + added.length > deletions.length) return { changes };
  return { changes: changes.filter((change) => change !== last), lastKept: serviceOf(last) };
}
