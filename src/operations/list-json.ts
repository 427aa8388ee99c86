import type { ListRequest } from '../command-line/request';
import { compareServerKeys, compareServiceKeys } from '../model/address-order';
import type { ServiceEntry, StateParts } from '../state/table/listed-state';
import { connectionsOf } from './list-connections';
import type { Session } from './session';

/**
 * Prints a listing as a state document with counters, or connections as an object per line
 * (--json). Always includes every field, numeric: options that select columns or names (--stats,
 * --numeric, ...) have no effect. Loads the writer of documents.
 * @throws IpvsadmError, NetlinkError and other netlink failures.
 */
export function listJson(request: ListRequest, session: Session): void {
  const { system, output } = session;
  const { writeConnection, writeState } =
    require('../state/document/write') as typeof import('../state/document/write');
  if (request.kind === 'list-connections') {
    const connections = connectionsOf(system, () => {});
    for (const connection of connections) output.write(writeConnection(connection));
  } else {
    for (const piece of writeState(partsOf(request, session), true)) output.write(piece);
  }
}

function partsOf(
  request: Exclude<ListRequest, { readonly kind: 'list-connections' }>,
  session: Session,
): StateParts {
  const { client, info } = session.connection;
  switch (request.kind) {
    case 'list-timeouts':
      return { timeouts: client.timeouts() };
    case 'list-daemons':
      return { daemons: client.detailedDaemons() };
    case 'list-services': {
      const services = client.detailedServices(request.key);
      if (request.sorted) services.sort((a, b) => compareServiceKeys(a.key, b.key));
      return { kernel: info, services: withServers(services, request.sorted, session) };
    }
  }
}

/** Each service with its real servers, which are requested only when they are to be written. */
function* withServers(
  services: readonly ServiceEntry['service'][],
  sorted: boolean,
  { connection }: Session,
): Generator<ServiceEntry, void> {
  for (const service of services) {
    const servers = connection.client.detailedServers(service.key);
    yield { service, servers: sorted ? servers.sort(compareServerKeys) : servers };
  }
}
