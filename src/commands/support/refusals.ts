import { errno as errnos } from '../../errors/errno';
import { kernelSentence } from '../../errors/kernel-messages';
import { explainTo } from '../../program/report';
import type { ReadState } from '../../state/files/read';
import type { PlannedChange } from '../../state/plan/diff';
import { serverLine, serviceLine } from '../../state/plan/patch';
import { type RefusedChange, withoutConsequences } from '../../state/plan/send';
import type { Problem, Span } from '../../state/source/diagnostics';
import type { Path } from '../../state/source/tree';
import type { CommandContext } from './base';
import { reportProblems } from './read-state';

/**
 * Reports refused changes, each with its place in the file, and explains each combination of
 * operation and errno once.
 */
export function reportRefusals(
  read: ReadState,
  refused: readonly RefusedChange[],
  context: CommandContext,
): void {
  const causes = withoutConsequences(refused);
  reportProblems(read, refusalProblems(read, causes), context);
  for (const { planned, errno } of causes) explainOnce({ ...planned, errno }, context);
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

export function refusalProblems(read: ReadState, refused: readonly RefusedChange[]): Problem[] {
  const spans = read.places(
    refused.map(({ planned, errno }) => [...(planned.path ?? []), ...refusedField(planned, errno)]),
  );
  return refused.map((one, index) => refusalProblem(one, one.planned.path && spans[index]));
}

function refusalProblem({ planned, errno }: RefusedChange, span: Span | undefined): Problem {
  const { change } = planned;
  const operation = span ? '' : ` to ${change.kind.replace('-', ' ')}${textOf(planned)}`;
  return {
    span,
    message: `the kernel refused${operation}: ${kernelSentence(change.kind, errno)}`,
    severity: 'error',
  };
}

/** The path of the field that the kernel refused, if only one field can cause the errno. */
function refusedField({ change }: PlannedChange, code: number): Path {
  if (change.kind === 'add-service' || change.kind === 'edit-service') {
    return code === errnos.ENOENT && change.service.persistenceEngine === '' ? ['scheduler'] : [];
  }
  if (change.kind !== 'add-server' && change.kind !== 'edit-server') return [];
  return code === errnos.EINVAL ? ['address'] : [];
}

/** The rule of a change, in parentheses; '' when the change has none. */
function textOf({ change }: PlannedChange): string {
  if ('service' in change) return ` (${serviceLine(change.service)})`;
  return 'server' in change && 'weight' in change.server ? ` (${serverLine(change.key, change.server)})` : '';
}
