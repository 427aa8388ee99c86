/** Reads from the kernel what the daemon compares: no counters but those of connections. */
import { errno } from '../errors/errno';
import type { IpvsClient } from '../ipvs/client';
import type { ListedServer } from '../model/real-server';
import type { ServiceKey, VirtualService } from '../model/virtual-service';
import { NetlinkError } from '../netlink/errors';
import { type ServiceState, serverName, serviceName } from '../state/table/table-state';

/** A service as it is in the table, its real servers in the order in which they were added. */
export interface LiveService {
  readonly service: VirtualService;
  readonly servers: readonly ListedServer[];
}

export class LiveReader {
  readonly #client: IpvsClient;

  constructor(client: IpvsClient) {
    this.#client = client;
  }

  /** Every service of the table by its key. @throws netlink failures. */
  services(): Map<string, VirtualService> {
    return new Map(this.#client.bareServices().map((service) => [serviceName(service.key), service]));
  }

  /** One service; undefined if it is not in the table. @throws netlink failures. */
  service(key: ServiceKey): LiveService | undefined {
    try {
      return this.withServers(this.#client.service(key));
    } catch (error) {
      if (error instanceof NetlinkError && error.errno === errno.ESRCH) return undefined;
      throw error;
    }
  }

  withServers(service: VirtualService): LiveService {
    return { service, servers: this.#client.bareServers(service.key).reverse() };
  }
}

/** The weights of the real servers of a service, by their keys. */
export function weightsOf(live: ServiceState | undefined): ReadonlyMap<string, number> {
  return new Map(live?.servers.map((server) => [serverName(server), server.weight]));
}
