/** Carries out the plan of apply or undo, and says what came of it. */
import type { Session } from '../../operations/session';
import type { Interruption } from '../../platform/interactive-system';
import type { ReadState } from '../../state/files/read';
import { applyPlan, type Planned } from '../../state/plan/apply';
import type { CommandContext } from './base';
import { progressOf } from './quiet';
import { reportUndone } from './report-undone';

/** How a plan ended: how many changes were made, or the exit status of what was not carried out. */
export type CarriedOut = { readonly made: number } | { readonly status: number };

/** @param replan reads the table and plans again. */
export async function carryOutPlan(
  planned: Planned,
  read: ReadState,
  { connection }: Session,
  replan: () => Planned,
  context: CommandContext,
): Promise<CarriedOut> {
  const { output, system } = context;
  const { plan, before } = planned;
  const progress = progressOf(context);
  let signal: Interruption | undefined;
  const applied = await system.interruptible(
    async (sleep) =>
      await applyPlan(planned, connection.client, {
        progress: (sent) => progress?.show(() => `${sent} of ${plan.length} changes`),
        pause: async () => {
          signal ??= await sleep(0);
          return signal !== undefined;
        },
        replan: () => {
          progress?.clear();
          output.note('ipvsadm: another program has changed the table: planning again');
          return replan();
        },
      }),
    () => output.error('ipvsadm: ended by a second signal: some changes are made, others are not'),
  );
  progress?.clear();
  if (applied.kind === 'done') return { made: applied.made };
  return { status: reportUndone(applied, before, signal, read, context) };
}
