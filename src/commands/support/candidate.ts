/** The table in the terms of the prediction. */
import type { ListedServer } from '../../model/real-server';
import { serviceFlags, type VirtualService } from '../../model/virtual-service';
import { predictors } from '../../prediction';
import type { Candidate, Choose } from '../../prediction/types';
import { serverName } from '../../state/table/table-state';

export function candidateOf(server: ListedServer): Candidate {
  const { address, port, weight, upperThreshold, activeConnections, inactiveConnections } = server;
  return {
    name: serverName(server),
    address,
    port,
    weight,
    overloaded: upperThreshold > 0 && activeConnections + inactiveConnections >= upperThreshold,
  };
}

/**
 * How the scheduler of a service chooses; undefined: that cannot be computed.
 * @param servers in the kernel's order: the newest first.
 */
export function chooserOf(
  { scheduler, flags }: Pick<VirtualService, 'scheduler' | 'flags'>,
  servers: readonly Candidate[],
): Choose | undefined {
  // Of sh and mh the first flag is fallback, the second port.
  return predictors.get(scheduler)?.(servers, {
    fallback: (flags & serviceFlags.scheduler1) !== 0,
    withPort: (flags & serviceFlags.scheduler2) !== 0,
  });
}
