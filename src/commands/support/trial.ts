/**
 * The trial of `restore --check`: this program runs again in a new network namespace, and adds the
 * state there.
 */
import { toBytes } from '../../bytes/byte-text';
import { bytesFromUnicode, unicodeFromBytes } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { addressVerdict } from '../../model/kernel-rules';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { ProgramRun } from '../../platform/interactive-system';
import { listedState } from '../../state/document/to-object';
import { writeState } from '../../state/document/write';
import type { ReadState } from '../../state/files/read';
import type { PlannedChange } from '../../state/plan/diff';
import { sendChanges, withoutConsequences } from '../../state/plan/send';
import type { Problem } from '../../state/source/diagnostics';
import type { TableState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { additions } from './load-state';
import { readValid } from './read-state';
import { refusalProblems } from './refusals';

/** A refusal as the inner run prints it; `index` counts the changes of `trialChanges`. */
type TrialRefusal = readonly [index: number, errno: number];

/** What the inner run prints: the refusals, or why there is no IPVS to try the state on. */
type Printed = readonly TrialRefusal[] | { readonly unavailable: string };

/**
 * Tries a state on the kernel.
 * @param unavailable called with the reason when there is no namespace, or no IPVS in it.
 * @returns what the kernel refused; undefined when the trial is unavailable.
 * @throws IpvsadmError when the trial fails.
 */
export function tryState(
  read: ReadState,
  { system }: CommandContext,
  unavailable: (reason: string) => void,
): readonly Problem[] | undefined {
  const { services = [], timeouts } = read.state;
  const text = [...writeState(listedState({ services, timeouts }), false)].join('');
  const run = system.runInNewNamespace(['restore', '--as-trial'], toBytes(text), unavailable);
  if (run === undefined) return undefined;
  const changes = trialChanges(read.state);
  const printed = parsePrinted(run, changes.length);
  if (printed === undefined) throw trialFailed(read, run);
  if ('unavailable' in printed) {
    unavailable(printed.unavailable);
    return undefined;
  }
  const refusals = printed.map(([index, errno]) => ({ planned: changes[index]!, errno }));
  const wrong = withoutConsequences(refusals).filter(({ planned }) => !mayDiffer(planned));
  return refusalProblems(read, wrong);
}

/** @returns undefined when the run failed or printed something else. */
function parsePrinted({ status, stdout }: ProgramRun, count: number): Printed | undefined {
  if (status !== exitStatus.ok) return undefined;
  try {
    const printed = JSON.parse(stdout) as Printed;
    const known = 'unavailable' in printed || printed.every(([index]) => index >= 0 && index < count);
    return known ? printed : undefined;
  } catch {
    return undefined;
  }
}

function trialFailed({ source }: ReadState, { status, stderr }: ProgramRun): IpvsadmError {
  const [line = ''] = stderr.trim().split('\n');
  const reason = line.replace(/^ipvsadm: /, '') || `it ended with status ${status}`;
  const name = bytesFromUnicode(source.name);
  return new IpvsadmError(
    `ipvsadm: ${name}: the trial on the kernel failed: ${reason}; --no-trial checks the file without it`,
    exitStatus.trialFailed,
  );
}

/** Connects and does `work`. */
type Connected = (work: (session: Session) => Promise<number>) => Promise<void>;

/** The inner run: adds the state from standard input, and prints the refusals as JSON. */
export async function carryOutTrial(context: CommandContext, connected: Connected): Promise<void> {
  const { state } = await readValid('-', context, {
    format: 'json',
    complete: true,
    flags: { strict: false },
  });
  const changes = trialChanges(state);
  const print = (printed: Printed) => context.output.write(`${JSON.stringify(printed)}\n`);
  try {
    await connected(async ({ connection }) => {
      const refused = await sendChanges(changes, connection.client, { stopAtRefusal: false });
      const indexes = new Map(changes.map((change, index) => [change, index]));
      print(refused.map(({ planned, errno }) => [indexes.get(planned)!, errno]));
      return exitStatus.ok;
    });
  } catch (error) {
    const asked = failure('restore', error, exitStatus.refused);
    if (!(asked instanceof IpvsadmError) || asked.refused?.operation !== 'connect') throw asked;
    print({ unavailable: unicodeFromBytes(asked.message.split('\n')[0]!) });
  }
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
