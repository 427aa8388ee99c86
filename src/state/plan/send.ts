/** Sends planned changes to the kernel, many in one datagram. */
import type { IpvsClient } from '../../ipvs/client';
import type { PlannedChange } from './diff';

/** A planned change that the kernel refused. */
export interface RefusedChange {
  readonly planned: PlannedChange;
  /** Positive. */
  readonly errno: number;
}

export interface SendOptions {
  /**
   * Whether to stop after the first refusal. Changes in the same datagram are still carried out,
   * but none of a later phase.
   */
  readonly stopAtRefusal: boolean;
  /** Called after each datagram with the number of changes sent so far. */
  readonly progress?: ((sent: number) => void) | undefined;
}

/**
 * Sends changes and returns those that the kernel refused.
 * @throws TransportError when replies were lost: some of the changes may have been carried out.
 */
export function sendChanges(
  changes: readonly PlannedChange[],
  client: IpvsClient,
  { stopAtRefusal, progress }: SendOptions,
): RefusedChange[] {
  const batch = client.batch();
  const refused: RefusedChange[] = [];
  let first = 0;
  for (const [index, planned] of changes.entries()) {
    batch.add(planned.change);
    const next = changes[index + 1];
    if (next && !batch.full && next.phase === planned.phase) continue;
    for (const [offset, refusal] of batch.send().entries()) {
      if (refusal) refused.push({ planned: changes[first + offset]!, errno: refusal.errno });
    }
    first = index + 1;
    progress?.(first);
    if (stopAtRefusal && refused.length > 0) break;
  }
  return refused;
}
