/** Sends planned changes to the kernel, many to a datagram. */
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
   * Whether the first refusal ends it: what shares its datagram is still carried out, but never anything of a later
   * phase.
   */
  readonly stopAtRefusal: boolean;
  /** Called after each datagram with the number of changes that were sent. */
  readonly progress?: ((sent: number) => void) | undefined;
}

/** @returns the refusals. @throws TransportError when answers were lost: some of what was sent may be done. */
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
