import type { IpvsClient } from '../../ipvs/client';
import { compareServiceKeys } from '../../model/address-order';
import type { ServiceEntry } from './listed-state';
import type { WholeState } from './table-state';

type LiveState = WholeState & { readonly services: readonly ServiceEntry[] };

/**
 * Reads the complete table from the kernel: services sorted by address, real servers in the order
 * they were added. Without counters.
 */
export function readLive(client: IpvsClient): LiveState {
  return readLiveUpTo(client, Number.POSITIVE_INFINITY)!;
}

/** @returns undefined if the table has more than `most` services and real servers. */
export function readLiveUpTo(client: IpvsClient, most: number): LiveState | undefined {
  const listed = client.detailedServices().sort((a, b) => compareServiceKeys(a.key, b.key));
  const services: ServiceEntry[] = [];
  let entries = listed.length;
  for (const service of listed) {
    if (entries > most) return undefined;
    const servers = client.bareServers(service.key).reverse(); // the kernel lists the newest first,
    entries += servers.length;
    services.push({ service, servers });
  }
  if (entries > most) return undefined;
  return { timeouts: client.timeouts(), daemons: client.detailedDaemons(), services };
}
