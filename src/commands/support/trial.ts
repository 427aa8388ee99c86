/** Trying a state on the kernel, in a network namespace that is thrown away: `restore --check` runs itself there. */
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
import { readGood } from './read-state';
import { refusalProblem, withoutConsequences } from './refusals';

/** A refusal, as the trial tells it: which of the changes, in the order of `trialChanges`. */
type Diagnostics = readonly [index: number, errno: number];

/**
 * What the kernel refuses of a state.
 * @returns undefined when there can be no trial, which `refused` is told the reason of.
 */
export function tryState(
  read: ReadState,
  { system }: CommandContext,
  refused: (why: string) => void,
): readonly Problem[] | undefined {
  const { services = [], timeouts } = read.state;
  const text = [...writeState(listedState({ services, timeouts }), false)].join('');
  const printed = system.runInNewNamespace(['restore', '--as-trial'], toBytes(text), refused);
  if (printed === undefined) return undefined;
  const changes = trialChanges(read.state);
  const refusals = (JSON.parse(printed) as Diagnostics[]).map(([index, errno]) => ({
    planned: changes[index]!,
    errno,
  }));
  return withoutConsequences(refusals)
    .filter(({ planned }) => !mayDiffer(planned))
    .map((refusal) => refusalProblem(read, refusal));
}

/** The inner side: reads the state from standard input, tries it, prints what was refused. */
export async function carryOutTrial(context: CommandContext, { connection }: Session): Promise<number> {
  const { state } = await readGood('-', context, { format: 'json', complete: true });
  const changes = trialChanges(state);
  const refused = sendChanges(changes, connection.client, { stopAtRefusal: false });
  const told: Diagnostics[] = refused.map(({ planned, errno }) => [changes.indexOf(planned), errno]);
  context.output.write(`${JSON.stringify(told)}\n`);
  return exitStatus.ok;
}

/** Sync daemons are left out: their interfaces are not there. */
function trialChanges(state: TableState): PlannedChange[] {
  return additions({ services: state.services, timeouts: state.timeouts });
}

/** An address that only its owner accepts may be this machine's; in the new namespace it never is. */
function mayDiffer({ change }: PlannedChange): boolean {
  return change.kind === 'add-server' && addressVerdict(change.server.address) === 'if-local';
}
