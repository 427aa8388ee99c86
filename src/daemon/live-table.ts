/** The table with its counters, as metrics need it. */
import { errno } from '../errors/errno';
import type { IpvsClient } from '../ipvs/client';
import type { ListedServer } from '../model/real-server';
import type { ListedService } from '../model/virtual-service';
import { NetlinkError } from '../netlink/errors';
import { turn } from './in-turns';

export type LiveTable = readonly {
  readonly service: ListedService;
  readonly servers: readonly ListedServer[];
}[];

/** Reads it, leaving the event loop to others between services. @throws netlink failures. */
export async function readLiveTable(client: IpvsClient): Promise<LiveTable> {
  const table: { service: ListedService; servers: ListedServer[] }[] = [];
  for (const service of client.services()) {
    await turn();
    const servers = serversOf(client, service);
    if (servers) table.push({ service, servers });
  }
  return table;
}

/** undefined for a service that has been deleted meanwhile. */
function serversOf(client: IpvsClient, { key }: ListedService): ListedServer[] | undefined {
  try {
    return client.servers(key);
  } catch (error) {
    if (error instanceof NetlinkError && error.errno === errno.ESRCH) return undefined;
    throw error;
  }
}

/** A table without what traffic changes: equal for equal tables. */
export function tableText(table: LiveTable): string {
  const texts = table.map(({ service: { statistics: _, ...service }, servers }) => {
    const lines = servers.map((server) => JSON.stringify({ ...server, ...noTraffic }));
    return [JSON.stringify(service), ...lines.sort()].join('\n');
  });
  return texts.sort().join('\n\n');
}

const noTraffic = {
  activeConnections: 0,
  inactiveConnections: 0,
  persistentConnections: 0,
  statistics: undefined,
};
