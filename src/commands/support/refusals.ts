import { errno as errnos } from '../../errors/errno';
import { kernelSentence } from '../../errors/kernel-messages';
import { explainTo } from '../../program/report';
import type { ReadState } from '../../state/files/read';
import type { PlannedChange } from '../../state/plan/diff';
import { serverLine, serviceLine } from '../../state/plan/patch';
import type { RefusedChange } from '../../state/plan/send';
import type { Problem } from '../../state/source/diagnostics';
import type { Path } from '../../state/source/tree';
import { serviceName } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { tell } from './read-state';

/** Tells what the kernel refused, each change where the file asks for it, and why that can be, once for each errno. */
export function tellRefusals(
  read: ReadState,
  refused: readonly RefusedChange[],
  context: CommandContext,
): void {
  const causes = withoutConsequences(refused);
  tell(
    read,
    causes.map((refusal) => refusalProblem(read, refusal)),
    context,
  );
  for (const { planned, errno } of causes) explainOnce({ ...planned, errno }, context);
}

/** Without those that say nothing new: that there is no service for a real server, where the service was refused. */
export function withoutConsequences(refused: readonly RefusedChange[]): RefusedChange[] {
  const missing = new Set<string>();
  for (const { planned, errno } of refused) {
    if (planned.change.kind === 'add-service' && errno !== errnos.EEXIST)
      missing.add(serviceName(planned.change.service.key));
  }
  return refused.filter(({ planned: { change }, errno }) => {
    return !(change.kind === 'add-server' && errno === errnos.ESRCH && missing.has(serviceName(change.key)));
  });
}

function explainOnce(
  { change, errno }: Pick<PlannedChange, 'change'> & { readonly errno: number },
  { explained, output, system }: CommandContext,
): void {
  const name = `${change.kind} ${errno}`;
  if (explained.has(name)) return;
  explained.add(name);
  explainTo(output, { operation: change.kind, errno, change }, system);
}

export function refusalProblem(read: ReadState, { planned, errno }: RefusedChange): Problem {
  const { change, path } = planned;
  const span = path && read.locate([...path, ...fieldRefused(planned, errno)]);
  const what = span ? '' : ` to ${change.kind.replace('-', ' ')}: ${textOf(planned)}`;
  return {
    span,
    message: `the kernel refused: ${kernelSentence(change.kind, errno)}${what}`,
    severity: 'error',
  };
}

/** The field that an errno is about, where the kernel's checks leave one only. */
function fieldRefused({ change }: PlannedChange, code: number): Path {
  if (change.kind === 'add-service' || change.kind === 'edit-service') {
    return code === errnos.ENOENT && change.service.persistenceEngine === '' ? ['scheduler'] : [];
  }
  if (change.kind !== 'add-server' && change.kind !== 'edit-server') return [];
  return code === errnos.EINVAL ? ['address'] : [];
}

function textOf({ change }: PlannedChange): string {
  if ('service' in change) return serviceLine(change.service);
  return 'server' in change && 'weight' in change.server ? serverLine(change.key, change.server) : '';
}
