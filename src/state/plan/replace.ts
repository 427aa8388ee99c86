/**
 * Replaces the table with rules, for ipvsadm-restore --strict: by its difference to them, additions
 * first, because the kernel resets every connection while there is no service. A separate bundle.
 */
import type { IpvsClient } from '../../ipvs/client';
import { type CheckedRules, checkRules } from '../rules/check';
import { readLive } from '../table/live';
import type { TableState, WholeState } from '../table/table-state';
import { applyPlan, planFor } from './apply';
import { withoutConsequences } from './send';

export { checkRules };

/**
 * The table that clearing the present one and then running the rules would leave: clearing stops no
 * sync daemon.
 */
export function replacement(
  { state, daemonStates }: Pick<CheckedRules, 'state' | 'daemonStates'>,
  live: Pick<WholeState, 'daemons'>,
): TableState {
  const others = live.daemons.filter((daemon) => !daemonStates.has(daemon.state));
  return { ...state, daemons: [...(state.daemons ?? []), ...others], services: state.services ?? [] };
}

export interface Replaced {
  readonly kind: 'done' | 'put-back' | 'half-done';
  /** The report on the rules that the kernel refused; '' if there is none. */
  readonly refused: string;
  /** The netlink failure that ended it. */
  readonly failure?: unknown;
}

/**
 * Replaces the table, or takes back what was changed. @throws a netlink failure if the table cannot
 * be read; it is unchanged then.
 */
export async function replaceTable(rules: CheckedRules, client: IpvsClient): Promise<Replaced> {
  const wanted = replacement(rules, readLive(client));
  const replan = () => planFor(client, wanted, {});
  const applied = await applyPlan(replan(), client, { replan });
  if (applied.kind === 'done') return { kind: 'done', refused: '' };
  const refused = withoutConsequences(applied.refused).map(({ planned: { change, path = [] }, errno }) => ({
    change,
    path,
    errno,
  }));
  return { kind: applied.kind, refused: rules.refusals(refused), failure: applied.failure };
}
