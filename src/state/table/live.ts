import type { IpvsClient } from '../../ipvs/client';
import { compareServiceKeys } from '../../model/address-order';
import type { ServiceEntry } from './listed-state';
import type { WholeState } from './table-state';

/**
 * Reads the complete table from the kernel: services sorted by address, real servers in the order
 * they were added. Without counters.
 */
export function readLive(client: IpvsClient): WholeState & { readonly services: readonly ServiceEntry[] } {
  const services = client.detailedServices().sort((a, b) => compareServiceKeys(a.key, b.key));
  return {
    timeouts: client.timeouts(),
    daemons: client.detailedDaemons(),
    services: services.map((service) => ({
      service,
      servers: client.bareServers(service.key).reverse(), // the kernel lists the newest first,
    })),
  };
}
