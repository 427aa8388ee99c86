/**
 * The trial of `restore --check`: this program runs again in a new network namespace, and adds the
 * state there.
 */
import { toBytes } from '../../bytes/byte-text';
import { exitStatus } from '../../errors/exit-status';
import { addressVerdict } from '../../model/kernel-rules';
import type { Session } from '../../operations/session';
import { listedState } from '../../state/document/to-object';
import { writeState } from '../../state/document/write';
import type { ReadState } from '../../state/files/read';
import type { PlannedChange } from '../../state/plan/diff';
import { sendChanges } from '../../state/plan/send';
import type { Problem } from '../../state/source/diagnostics';
import type { TableState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { additions } from './load-state';
import { readValid } from './read-state';
import { refusalProblems, withoutConsequences } from './refusals';

/** A refusal as the inner run prints it; `index` counts the changes of `trialChanges`. */
type TrialRefusal = readonly [index: number, errno: number];

/**
 * Tries a state on the kernel.
 * @param unavailable called with the reason when the namespace cannot be made.
 * @returns what the kernel refused; undefined when the trial is unavailable.
 */
export function tryState(
  read: ReadState,
  { system }: CommandContext,
  unavailable: (reason: string) => void,
): readonly Problem[] | undefined {
  const { services = [], timeouts } = read.state;
  const text = [...writeState(listedState({ services, timeouts }), false)].join('');
  const printed = system.runInNewNamespace(['restore', '--as-trial'], toBytes(text), unavailable);
  if (printed === undefined) return undefined;
  const changes = trialChanges(read.state);
  const refusals = (JSON.parse(printed) as TrialRefusal[]).map(([index, errno]) => ({
    planned: changes[index]!,
    errno,
  }));
  const wrong = withoutConsequences(refusals).filter(({ planned }) => !mayDiffer(planned));
  return refusalProblems(read, wrong);
}

/** The inner run: adds the state from standard input, and prints the refusals as JSON. */
export async function carryOutTrial(context: CommandContext, { connection }: Session): Promise<number> {
  const { state } = await readValid('-', context, { format: 'json', complete: true });
  const changes = trialChanges(state);
  const refused = sendChanges(changes, connection.client, { stopAtRefusal: false });
  const refusals: TrialRefusal[] = refused.map(({ planned, errno }) => [changes.indexOf(planned), errno]);
  context.output.write(`${JSON.stringify(refusals)}\n`);
  return exitStatus.ok;
}

/**
 * The changes of a trial. Sync daemons are left out: the new namespace does not have their
 * interfaces.
 */
function trialChanges(state: TableState): PlannedChange[] {
  return additions({ services: state.services, timeouts: state.timeouts });
}

/**
 * Whether the kernel may accept a change outside the trial: a link-local address of this machine is
 * valid, but the new namespace does not have it.
 */
function mayDiffer({ change }: PlannedChange): boolean {
  return change.kind === 'add-server' && addressVerdict(change.server.address) === 'if-local';
}
