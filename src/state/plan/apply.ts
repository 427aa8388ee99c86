/** Applies a plan to the kernel's table, or takes its changes back when one is refused. */

import type { IpvsClient } from '../../ipvs/client';
import { isNetlinkFailure } from '../../netlink/errors';
import { readLive } from '../table/live';
import { serviceName, type TableState, type WholeState } from '../table/table-state';
import { type PlannedChange, type PlanOptions, planChanges } from './diff';
import { type RefusedChange, type SendOptions, sendChanges, wasOvertaken } from './send';
import { believed, type Round, undoOf } from './undo';

/** How many times a table is planned for that another program changes at the same time. */
const PLANS = 4;
/** How many times the undo is attempted. */
const UNDOS = 4;

/** A plan, and the table for which it was made. */
export interface Planned {
  readonly plan: readonly PlannedChange[];
  readonly before: WholeState;
}

export type Applied =
  | { readonly kind: 'done'; readonly made: number }
  /** Not everything was carried out, and what was has been taken back. */
  | ({ readonly kind: 'put-back'; readonly now: WholeState } & Unfinished)
  /** Not everything that was carried out could be taken back. */
  | ({
      readonly kind: 'half-done';
      /** The changes that would take back the rest. */
      readonly left: readonly PlannedChange[];
      /** The changes that stay because another program changed the same entries since. */
      readonly kept: readonly PlannedChange[];
      /** The failure on account of which the table cannot be read: `left` is what should be left. */
      readonly unreadable?: unknown;
    } & Unfinished);

interface Unfinished {
  readonly refused: readonly RefusedChange[];
  /** A netlink failure. */
  readonly failure?: unknown;
  /** Whether `pause` ended it. */
  readonly stopped: boolean;
  /** The number of changes that were carried out. */
  readonly made: number;
}

export interface ApplyOptions extends Pick<SendOptions, 'progress' | 'pause'> {
  /** Plans again, after another program has changed the table. @throws a netlink failure. */
  readonly replan?: () => Planned;
}

/**
 * Carries out a plan. Netlink failures are not thrown: they are undone like a refused change.
 * @param options.pause called between datagrams; returns whether to stop and undo.
 */
export async function applyPlan(
  first: Planned,
  client: IpvsClient,
  options: ApplyOptions = {},
): Promise<Applied> {
  const rounds: Round[] = [];
  const outcome = await carryOut(first, client, options, rounds);
  const made = rounds.flatMap(({ log }) => log).filter(({ certain }) => certain).length;
  if (!outcome) return { kind: 'done', made };
  const undone = await undo(rounds, client, options.pause);
  return { ...undone, ...outcome, made };
}

/** @returns undefined when everything is done. */
async function carryOut(
  first: Planned,
  client: IpvsClient,
  { progress, pause, replan }: ApplyOptions,
  rounds: Round[],
): Promise<Omit<Unfinished, 'made'> | undefined> {
  let refused: readonly RefusedChange[] = [];
  let stopped = false;
  const stop = async () => {
    stopped ||= (await pause?.()) ?? false;
    return stopped;
  };
  try {
    for (let { plan, before } = first; ; { plan, before } = replan!()) {
      const log: Round['log'] = [];
      rounds.push({ before, log });
      refused = await sendChanges(plan, client, { stopAtRefusal: true, progress, log, pause: stop });
      if (stopped) return { refused, stopped };
      if (refused.length === 0) return undefined;
      if (!replan || rounds.length === PLANS || !wasOvertaken(refused)) return { refused, stopped };
    }
  } catch (failure) {
    if (!isNetlinkFailure(failure)) throw failure;
    return { refused: [], failure, stopped };
  }
}

/** Takes back what was sent, and no more. */
async function undo(rounds: readonly Round[], client: IpvsClient, pause: ApplyOptions['pause']) {
  const restored = new Set<string>();
  const turn = async () => {
    await pause?.();
    return false;
  };
  let kept: readonly PlannedChange[] | undefined;
  let failure: unknown;
  for (let attempt = 0; attempt <= UNDOS; attempt++) {
    try {
      const now = readLive(client);
      failure = undefined;
      const undoing = undoOf(rounds, now, restored);
      kept ??= undoing.kept; // later, what has been undone looks changed
      const left = planChanges(now, undoing.target);
      if (left.length === 0 && kept.length === 0) return { kind: 'put-back', now } as const;
      if (left.length === 0 || attempt === UNDOS) return { kind: 'half-done', left, kept } as const;
      const log: Round['log'] = [];
      try {
        await sendChanges(left, client, { stopAtRefusal: false, log, pause: turn });
      } finally {
        for (const { planned } of log) {
          if (planned.change.kind === 'add-service') restored.add(serviceName(planned.change.service.key));
        }
      }
    } catch (error) {
      if (!isNetlinkFailure(error)) throw error;
      failure = error;
    }
  }
  const state = believed(rounds);
  const { target } = undoOf(rounds, state, restored);
  return {
    kind: 'half-done',
    left: planChanges(state, target),
    kept: kept ?? [],
    unreadable: failure,
  } as const;
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
