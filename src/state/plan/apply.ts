/** Applies a plan to the kernel's table, or restores the table when a change is refused. */

import type { IpvsClient } from '../../ipvs/client';
import { isNetlinkFailure } from '../../netlink/errors';
import { readLive } from '../table/live';
import { serviceName, type TableState, type WholeState } from '../table/table-state';
import { type PlannedChange, type PlanOptions, planChanges } from './diff';
import { type RefusedChange, sendChanges } from './send';

export type Applied =
  | { readonly kind: 'done' }
  /** A change failed, and the table was restored. */
  | { readonly kind: 'put-back'; readonly refused: readonly RefusedChange[]; readonly failure?: unknown }
  /**
   * A change failed, and the table could not be restored completely. `left` has the changes that
   * are still needed; undefined: the table cannot be read.
   */
  | {
      readonly kind: 'half-done';
      readonly refused: readonly RefusedChange[];
      readonly failure?: unknown;
      readonly left: readonly PlannedChange[] | undefined;
    };

/**
 * Carries out a plan. Netlink failures are not thrown: they are undone like a refused change.
 * @param before the table for which the plan was made.
 * @param progress called with the number of changes sent so far.
 */
export function applyPlan(
  plan: readonly PlannedChange[],
  before: WholeState,
  client: IpvsClient,
  progress?: (sent: number) => void,
): Applied {
  let refused: readonly RefusedChange[] = [];
  let failure: unknown;
  try {
    refused = sendChanges(plan, client, { stopAtRefusal: true, progress });
    if (refused.length === 0) return { kind: 'done' };
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    failure = error;
  }
  const outcome = { refused, ...(failure === undefined ? {} : { failure }) };
  const left = putBack(plan, before, client);
  return left?.length === 0 ? { kind: 'put-back', ...outcome } : { kind: 'half-done', ...outcome, left };
}

/**
 * Restores what the plan touched. Reads the table to find out how much of the plan was carried out.
 * @returns the changes that are still needed; undefined when the table cannot be read.
 */
function putBack(
  plan: readonly PlannedChange[],
  before: WholeState,
  client: IpvsClient,
): PlannedChange[] | undefined {
  try {
    const undo = planUndo(plan, before, client);
    sendChanges(undo, client, { stopAtRefusal: false });
    return undo.length === 0 ? [] : planUndo(plan, before, client);
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    return undefined;
  }
}

function planUndo(plan: readonly PlannedChange[], before: WholeState, client: IpvsClient): PlannedChange[] {
  const live = readLive(client);
  const only = new Set(plan.flatMap(({ change }) => servicesOf(change)));
  const rest = planChanges(live, restTouched(plan, before));
  const services = planChanges(live, { services: before.services }, { only });
  return [
    ...rest.filter(({ phase }) => phase === 'stop'),
    ...services,
    ...rest.filter(({ phase }) => phase !== 'stop'),
  ];
}

function servicesOf(change: PlannedChange['change']): string[] {
  if ('service' in change) return [serviceName(change.service.key)];
  return 'key' in change && change.key ? [serviceName(change.key)] : [];
}

/** Returns the timeouts and sync daemons that the plan touched, as they were before. */
function restTouched(plan: readonly PlannedChange[], before: WholeState): TableState {
  const touched = (...kinds: string[]) => plan.some(({ change }) => kinds.includes(change.kind));
  return {
    ...(touched('set-timeouts') ? { timeouts: before.timeouts } : {}),
    ...(touched('start-daemon', 'stop-daemon') ? { daemons: before.daemons } : {}),
  };
}

/** Reads the table and returns it with the plan that leads from it to `wanted`. */
export function planFor(
  client: IpvsClient,
  wanted: TableState,
  options: PlanOptions,
): { plan: PlannedChange[]; before: WholeState } {
  const before = readLive(client);
  return { plan: planChanges(before, wanted, options), before };
}
