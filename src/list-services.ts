import { formatServerRule, formatServiceRule } from './format/rules';
import {
  formatServer,
  formatService,
  formatTitles,
  formatVersion,
  type ListOptions,
} from './format/service-list';
import { compareServers, compareServices, sortLikeC } from './model/order';
import type { ListedServer } from './model/real-server';
import type { ListedService } from './model/virtual-service';
import type { ListServices } from './request';
import type { Session } from './session';

/** Prints the listing of all services, or of one. @throws NetlinkError and its like. */
export async function listServices(request: ListServices, session: Session): Promise<void> {
  const { output } = session;
  const { client, info } = session.connection;
  const options: ListOptions = {
    format: request.format,
    exact: request.exact,
    names: request.numeric ? undefined : session.names,
  };
  // The version line stands even where the services cannot be read.
  if (!request.key) output.write(formatVersion(info));
  const services = request.key ? [client.service(request.key)] : client.services();
  output.write(formatTitles(request.format));
  await eachService(services, request, session, (service, servers) => {
    let text = formatService(service, options);
    for (const server of servers) text += formatServer(service.key, server, options);
    return text;
  });
}

/** Prints the table as commands that restore it. */
export async function saveServices(numeric: boolean, session: Session): Promise<void> {
  const names = numeric ? undefined : session.names;
  const services = session.connection.client.services();
  await eachService(services, { numeric, sorted: true }, session, (service, servers) => {
    let text = formatServiceRule(service, names);
    for (const server of servers) text += formatServerRule(service.key, server, names);
    return text;
  });
}

/** Prints each service with its real servers, which are fetched just before: `format` makes the text. */
async function eachService(
  services: readonly ListedService[],
  { numeric, sorted }: Pick<ListServices, 'numeric' | 'sorted'>,
  { connection, names, output }: Session,
  format: (service: ListedService, servers: readonly ListedServer[]) => string,
): Promise<void> {
  for (const service of sorted ? sortLikeC(services, compareServices) : services) {
    const dumped = connection.client.servers(service.key);
    const servers = sorted ? sortLikeC(dumped, compareServers) : dumped;
    if (!numeric) await names.lookUpAddresses(addressesOf(service, servers));
    output.write(format(service, servers));
  }
}

function addressesOf(service: ListedService, servers: readonly ListedServer[]): Uint8Array[] {
  const addresses = servers.map((server) => server.address);
  return service.key.kind === 'address' ? [service.key.address, ...addresses] : addresses;
}
