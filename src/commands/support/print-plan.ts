/** A plan as diff prints it. */
import { bytesFromUnicode } from '../../bytes/unicode';
import { visible } from '../../bytes/visible';
import type { PlannedChange } from '../../state/plan/diff';
import { patchLines } from '../../state/plan/patch';
import { planJson } from '../../state/plan/plan-json';
import type { WholeState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { useColour } from './colour-flag';
import { asksData, type DataFlags, writeData } from './data';

/** @param name what the table becomes, for the head of the patch. */
export function printPlan(
  plan: readonly PlannedChange[],
  before: WholeState,
  name: string,
  flags: DataFlags & { readonly color: string },
  context: CommandContext,
): void {
  const { output, system } = context;
  if (asksData(flags)) {
    writeData(context, flags, planJson(plan));
    return;
  }
  if (output.quiet) return;
  const colours = useColour(flags.color, system)
    ? (require('../../format/colour') as typeof import('../../format/colour')).patchColours
    : undefined;
  if (colours) output.asIs();
  for (const { sign, text } of patchLines(plan, before, bytesFromUnicode(name))) {
    const line = visible(sign === 'head' ? text : `${sign} ${text}`);
    output.write(`${colours ? colours[sign](line) : line}\n`);
  }
}
