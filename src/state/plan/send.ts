/** Sends planned changes to the kernel, many in one datagram. */
import { errno as errnos } from '../../errors/errno';
import type { IpvsClient } from '../../ipvs/client';
import { fastAdder } from '../../ipvs/fast-batch';
import { NotSentError } from '../../netlink/errors';
import { serviceName } from '../table/table-state';
import type { PlannedChange } from './diff';

/** A planned change that the kernel refused. */
export interface RefusedChange {
  readonly planned: PlannedChange;
  /** Positive. */
  readonly errno: number;
}

/** A planned change that was carried out; not `certain` if its reply was lost. */
export interface SentChange {
  readonly planned: PlannedChange;
  readonly certain: boolean;
}

export interface SendOptions {
  /**
   * Whether to stop after the first refusal. Changes in the same datagram are still carried out,
   * but none of a later phase.
   */
  readonly stopAtRefusal: boolean;
  /** Called after each datagram with the number of changes sent so far. */
  readonly progress?: ((sent: number) => void) | undefined;
  /** Receives every change that was, or may have been, carried out. */
  readonly log?: SentChange[] | undefined;
  /** Called between datagrams; returns whether to stop. */
  readonly pause?: (() => Promise<boolean>) | undefined;
}

/**
 * Sends changes and returns those that the kernel refused.
 * @throws TransportError when the kernel was not reached, or replies were lost: `log` tells which
 * changes may have been carried out.
 */
export async function sendChanges(
  changes: readonly PlannedChange[],
  client: IpvsClient,
  { stopAtRefusal, progress, log, pause }: SendOptions,
): Promise<RefusedChange[]> {
  const batch = client.batch();
  const add = fastAdder(batch);
  const refused: RefusedChange[] = [];
  let first = 0;
  for (const [index, planned] of changes.entries()) {
    add(planned.change);
    const next = changes[index + 1];
    if (next && !batch.full && next.phase === planned.phase) continue;
    const sent = changes.slice(first, index + 1);
    let answers: ReturnType<typeof batch.send>;
    try {
      answers = batch.send();
    } catch (error) {
      // Of a datagram that was split, a part may have been sent.
      const none = error instanceof NotSentError && sent.length === 1;
      if (!none) log?.push(...sent.map((one) => ({ planned: one, certain: false })));
      throw error;
    }
    const reasons = new Map(answers.map((refusal) => [refusal.index, refusal.errno]));
    sent.forEach((one, place) => {
      const reason = reasons.get(place);
      if (reason !== undefined) refused.push({ planned: one, errno: reason });
      else log?.push({ planned: one, certain: true });
    });
    first = index + 1;
    progress?.(first);
    if (stopAtRefusal && refused.length > 0) break;
    if (next && (await pause?.())) break;
  }
  return refused;
}

/** Leaves out the real servers that were refused only because their service was refused. */
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

const { EEXIST, ENOENT, ESRCH } = errnos;

/** The errnos that show that another program has changed the table since it was read. */
const overtaken: { readonly [kind: string]: readonly number[] } = {
  'add-service': [EEXIST],
  'edit-service': [ESRCH],
  'delete-service': [ESRCH],
  'add-server': [EEXIST, ESRCH],
  'edit-server': [ENOENT, ESRCH],
  'delete-server': [ENOENT, ESRCH],
  'start-daemon': [EEXIST],
  'stop-daemon': [ESRCH],
};

/** Whether changes were refused only because another program was faster. */
export function wasOvertaken(refused: readonly RefusedChange[]): boolean {
  return withoutConsequences(refused).every(({ planned, errno }) =>
    overtaken[planned.change.kind]?.includes(errno),
  );
}
