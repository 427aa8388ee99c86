/** Reads from the kernel what the daemon compares: no counters but those of connections. */
import { errno } from '../errors/errno';
import type { IpvsClient } from '../ipvs/client';
import type { OptionalColumn } from '../ipvs/server-columns';
import { ServerRows } from '../ipvs/server-rows';
import type { ListedServer } from '../model/real-server';
import type { ServiceKey, VirtualService } from '../model/virtual-service';
import { NetlinkError } from '../netlink/errors';
import { serviceName } from '../state/table/table-state';

/** A service as it is in the table, its real servers in the order in which they were added. */
export interface LiveService {
  readonly service: VirtualService;
  readonly servers: readonly ListedServer[];
}

const columns: readonly OptionalColumn[] = [
  'forwarding',
  'weight',
  'upperThreshold',
  'lowerThreshold',
  'tunnelType',
  'tunnelPort',
  'tunnelFlags',
  'activeConnections',
  'inactiveConnections',
  'persistentConnections',
];

export class LiveReader {
  readonly #client: IpvsClient;
  readonly #rows = new ServerRows({ columns });

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
    this.#client.serverRows(service.key, this.#rows);
    const servers = Array.from({ length: this.#rows.count }, (_, index) => this.#rows.server(index));
    return { service, servers: servers.reverse() };
  }
}
