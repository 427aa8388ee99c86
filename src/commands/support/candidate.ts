/** The table in the terms of the prediction. */
import type { ListedServer } from '../../model/real-server';
import { serviceFlags } from '../../model/virtual-service';
import type { Candidate, SchedulerSettings } from '../../prediction/types';
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

/** The settings in the flags of a service. Of sh and mh the first flag is fallback, the second port. */
export function predictorSettings(flags: number): SchedulerSettings {
  return {
    fallback: (flags & serviceFlags.scheduler1) !== 0,
    withPort: (flags & serviceFlags.scheduler2) !== 0,
  };
}
