/** What `apply` says when it has not finished: what was undone, what is left, and why. */
import { exitStatus } from '../../errors/exit-status';
import { conversationText } from '../../operations/conversation';
import { type Interruption, interruptions } from '../../platform/interactive-system';
import type { ReadState } from '../../state/files/read';
import type { Applied } from '../../state/plan/apply';
import { type PlannedChange, planChanges } from '../../state/plan/diff';
import { patchLines } from '../../state/plan/patch';
import type { WholeState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { reportRefusals } from './refusals';

const nothing: WholeState = { timeouts: { tcp: 0, tcpFin: 0, udp: 0 }, daemons: [], services: [] };

/** @param before the table before the first change. @returns the exit status. */
export function reportUndone(
  applied: Exclude<Applied, { kind: 'done' }>,
  before: WholeState,
  signal: Interruption | undefined,
  read: ReadState,
  context: CommandContext,
): number {
  const { output } = context;
  reportRefusals(read, applied.refused, context);
  if (applied.failure !== undefined) {
    output.error(`ipvsadm: ${conversationText(applied.failure, 'apply')}`);
  }
  if (applied.stopped) output.error(`ipvsadm: interrupted after ${counted(applied.made)}`);
  if (applied.kind === 'put-back') {
    const others = planChanges(before, applied.now);
    if (others.length === 0) output.error('ipvsadm: the table is as it was before');
    else {
      output.error('ipvsadm: all changes were undone; another program made these meanwhile, and they stay:');
      printPatch(others, before, 'the table now', context);
    }
    return applied.stopped ? exitStatus.signalled + interruptions[signal!] : exitStatus.refused;
  }
  if (applied.left.length > 0) {
    output.error('ipvsadm: some changes could NOT be undone');
    if (applied.unreadable !== undefined) {
      output.error(`ipvsadm: the table cannot be read: ${conversationText(applied.unreadable, 'save')}`);
    }
    output.error('ipvsadm: these changes would bring the former table back:');
    printPatch(applied.left, nothing, 'the former table', context);
  }
  if (applied.kept.length > 0) {
    output.error('ipvsadm: these changes stay, because another program changed the same entries since:');
    printPatch(applied.kept, nothing, 'the table now', context);
  }
  return exitStatus.halfDone;
}

function printPatch(
  plan: readonly PlannedChange[],
  before: WholeState,
  name: string,
  { output }: CommandContext,
): void {
  for (const { sign, text } of patchLines(plan, before, name)) {
    output.error(sign === 'head' ? text : `${sign} ${text}`);
  }
}

export function counted(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}
