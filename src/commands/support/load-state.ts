import { bytesFromUnicode } from '../../bytes/unicode';
import { exitStatus } from '../../errors/exit-status';
import { isChange } from '../../ipvs/change';
import { RehearsalClient } from '../../operations/rehearsal';
import { failure, run } from '../../operations/run';
import type { Session } from '../../operations/session';
import { type Interruption, interruptions } from '../../platform/interactive-system';
import type { PlacedRequest } from '../../state/document/read';
import type { ReadState } from '../../state/files/read';
import { type PlannedChange, planChanges } from '../../state/plan/diff';
import { type SentChange, sendChanges } from '../../state/plan/send';
import type { Path } from '../../state/source/tree';
import type { TableState } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { progressOf } from './quiet';
import { reportRefusals } from './refusals';

/** The changes that add a state to an empty table. */
export function additions(state: TableState): PlannedChange[] {
  return planChanges({ services: [], daemons: [] }, state);
}

/** The signal that arrived meanwhile, if any. */
type Pending = { signal?: Interruption | undefined };

/**
 * Adds the state of a file to the table. A refusal is reported with its place in the file, and the
 * rest goes on; a signal is reported when everything is done.
 * @returns 0, or the status of refused changes when the kernel refused one, or that of the signal.
 * @throws IpvsadmError
 */
export async function loadState(read: ReadState, context: CommandContext, session: Session): Promise<number> {
  const { output, system } = context;
  const pending: Pending = {};
  const status = await system.interruptible(
    async (sleep) => {
      const pause = async () => {
        pending.signal ??= await sleep(0);
        return false;
      };
      if (read.requests) return await loadRules(read, read.requests, context, session, pause);
      return await send(read, additions(read.state), context, session, pause);
    },
    () => output.error('ipvsadm: ended by a second signal: some changes are made, others are not'),
  );
  if (!pending.signal) return status;
  output.error(
    `ipvsadm: interrupted, but ${status === exitStatus.ok ? 'everything of' : 'the rest of'} ${bytesFromUnicode(read.source.name)} is in the table`,
  );
  return exitStatus.signalled + interruptions[pending.signal];
}

/** Carries out rules line by line: they may also edit, delete and list. */
async function loadRules(
  read: ReadState,
  requests: readonly PlacedRequest[],
  context: CommandContext,
  session: Session,
  pause: () => Promise<boolean>,
): Promise<number> {
  let status: number = exitStatus.ok;
  let waiting: PlannedChange[] = [];
  const located = {
    ...read,
    places: (paths: readonly Path[]) => paths.map(([index]) => requests[Number(index)]!.span),
  };
  const sendWaiting = async () => {
    status = Math.max(status, await send(located, waiting, context, session, pause));
    waiting = [];
  };
  for (const [index, { request }] of requests.entries()) {
    if (isChange(request)) {
      waiting.push({ phase: 'build', change: request, path: [index] });
    } else {
      await sendWaiting();
      status = Math.max(status, await run(request, session));
    }
  }
  await sendWaiting();
  return status;
}

async function send(
  read: ReadState,
  changes: readonly PlannedChange[],
  context: CommandContext,
  { connection }: Session,
  pause: () => Promise<boolean>,
): Promise<number> {
  const { output } = context;
  const progress = progressOf(context);
  const log: SentChange[] = [];
  try {
    const { client } = connection;
    if (client instanceof RehearsalClient) return rehearseChanges(read, changes, client, context);
    const refused = await sendChanges(changes, client, {
      stopAtRefusal: false,
      progress: (sent) => progress?.show(() => `${sent} of ${changes.length} changes`),
      log,
      pause,
    });
    progress?.clear();
    if (refused.length === 0) return exitStatus.ok;
    reportRefusals(read, refused, context);
    const done = changes.length - refused.length;
    output.error(`ipvsadm: ${refused.length} refused, ${done} of ${changes.length} changes made`);
    return exitStatus.refused;
  } catch (error) {
    progress?.clear();
    const made = log.filter(({ certain }) => certain).length;
    output.error(`ipvsadm: only ${made} of ${changes.length} changes made`);
    throw failure('restore', error, exitStatus.refused);
  }
}

/** --dry-run: the same on a copy of the table. */
function rehearseChanges(
  read: ReadState,
  changes: readonly PlannedChange[],
  client: RehearsalClient,
  context: CommandContext,
): number {
  const errnos = client.changes(changes.map(({ change }) => change));
  const refused = changes
    .map((planned, index) => ({ planned, errno: errnos[index]! }))
    .filter(({ errno }) => errno !== 0);
  if (refused.length === 0) return exitStatus.ok;
  reportRefusals(read, refused, context);
  context.output.error(`ipvsadm: ${refused.length} of ${changes.length} changes would be refused`);
  return exitStatus.refused;
}
