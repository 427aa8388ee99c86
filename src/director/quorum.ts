/** Whether enough of a service is up: with hysteresis, so that it does not come and go. */
import type { DirectorService } from '../model/director';

/** The least sum of weights. */
export function quorumWeight(service: Pick<DirectorService, 'quorum' | 'servers'>): number {
  const { quorum } = service;
  return 'weight' in quorum ? quorum.weight : quorum.part * weightOfAll(service);
}

function weightOfAll({ servers }: Pick<DirectorService, 'servers'>): number {
  return servers.reduce((sum, { server }) => sum + server.weight, 0);
}

/** @param had whether there was a quorum before. */
export function hasQuorum(
  service: Pick<DirectorService, 'quorum' | 'servers' | 'hysteresis'>,
  sum: number,
  had: boolean,
): boolean {
  const least = quorumWeight(service);
  // However large the hysteresis is: nobody is no quorum.
  if (sum === 0 && least > 0) return false;
  if (had) return sum >= least - service.hysteresis;
  // What all servers together do not reach would be lost for good.
  return sum >= Math.max(least, Math.min(least + service.hysteresis, weightOfAll(service)));
}
