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

export interface SendWorld {
  /** How many services the table has, spare ones not counted; undefined: none is to be deleted. */
  readonly count: number | undefined;
  /** Whether a service is one of those that do not count: no client's connections need it. */
  isSpare(id: string): boolean;
  /** Whether a server is removed because it is down, which no refusal holds up. */
  isDead(planned: PlannedChange): boolean;
  /** Called between datagrams; returns whether to stop. */
  pause(): Promise<boolean>;
}

/** Sends the changes of a plan. What the kernel refuses stops removals from its own service. */
export async function sendPlan(
  plan: readonly PlannedChange[],
  client: IpvsClient,
  world: SendWorld,
): Promise<Sending> {
  const made: SentChange[] = [];
  const refused: RefusedChange[] = [];
  let lastKept: string | undefined;
  try {
    for (const phase of phases) {
      const stuck = new Set(refused.map(({ planned }) => serviceOf(planned)));
      let changes = plan.filter(
        (planned) =>
          planned.phase === phase &&
          (stuck.size === 0 || !stuck.has(serviceOf(planned)) || world.isDead(planned)),
      );
      if (phase === 'remove') ({ changes, lastKept } = withoutLast(changes, made, world));
      if (changes.length === 0) continue;
      if (made.length > 0 && (await world.pause())) break;
      const options = { stopAtRefusal: false, log: made, pause: () => world.pause() };
      refused.push(...(await sendChanges(changes, client, options)));
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
  { count = 0, isSpare }: SendWorld,
): { changes: PlannedChange[]; lastKept?: string | undefined } {
  const counts = (planned: PlannedChange, kind: string) =>
    planned.change.kind === kind && !isSpare(serviceOf(planned));
  const deletions = changes.filter((planned) => counts(planned, 'delete-service'));
  const added = made.filter(({ planned, certain }) => certain && counts(planned, 'add-service'));
  const last = deletions.at(-1);
  if (!last || count + added.length > deletions.length) return { changes };
  return { changes: changes.filter((change) => change !== last), lastKept: serviceOf(last) };
}
