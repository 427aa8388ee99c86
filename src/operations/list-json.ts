import { toBytes } from '../bytes/byte-text';
import type { ListRequest } from '../command-line/request';
import { beginningWith } from '../format/line-steps';
import { optionalColumns } from '../ipvs/server-columns';
import { ServerRows } from '../ipvs/server-rows';
import { compareServiceKeys } from '../model/address-order';
import type { ServiceEntry, StateParts } from '../state/table/listed-state';
import { connectionsOf } from './list-connections';
import type { Session } from './session';
import { type RowLines, writeRows } from './write-rows';

/**
 * Prints a listing as a state document with counters, or connections as an object per line
 * (--json). Always includes every field, numeric: options that select columns or names (--stats,
 * --numeric, ...) have no effect. Loads the writer of documents.
 * @throws IpvsadmError, NetlinkError and other netlink failures.
 */
export function listJson(request: ListRequest, session: Session): void {
  const { system, output } = session;
  const { writeConnection, writeParts } =
    require('../state/document/write') as typeof import('../state/document/write');
  if (request.kind === 'list-connections') {
    const connections = connectionsOf(system, () => {});
    for (const connection of connections) output.write(writeConnection(connection));
  } else {
    const parts = partsOf(request, session);
    for (const piece of writeParts(parts, true, serversWriter(request, session))) output.write(piece);
  }
}

type DocumentRequest = Exclude<ListRequest, { readonly kind: 'list-connections' }>;

function partsOf(request: DocumentRequest, session: Session): StateParts<ServerRows> {
  const { client, info } = session.connection;
  switch (request.kind) {
    case 'list-timeouts':
      return { timeouts: client.timeouts() };
    case 'list-daemons':
      return { daemons: client.detailedDaemons() };
    case 'list-services': {
      const services = client.detailedServices(request.key);
      if (request.sorted) services.sort((a, b) => compareServiceKeys(a.key, b.key));
      return { kernel: info, services: withServers(services, session) };
    }
  }
}

/**
 * Each service with its real servers, which are requested only when they are to be written, into
 * the same rows.
 */
function* withServers(
  services: readonly ServiceEntry['service'][],
  { connection, system }: Session,
): Generator<ServiceEntry<ServerRows>, void> {
  const rows = new ServerRows({ columns: optionalColumns(), complete: true, bulk: system.bulkRows });
  for (const service of services) {
    connection.client.serverRows(service.key, rows);
    yield { service, servers: rows };
  }
}

/**
 * Returns a function that writes the list of a service's real servers directly: what is before it
 * has been written when it is called. It returns the rest of the list.
 */
function serversWriter(request: DocumentRequest, session: Session): (rows: ServerRows) => string[] {
  const { afterServers, beforeServer, serverLines, writeServer } =
    require('../state/document/write') as typeof import('../state/document/write');
  const sorted = request.kind === 'list-services' && request.sorted;
  const linesOf = (first: boolean): RowLines => ({
    fast: beginningWith(toBytes(beforeServer(first)), program),
    plain: (server) => beforeServer(first) + writeServer(server, true),
  });
  const program = serverLines();
  const [first, others] = [linesOf(true), linesOf(false)];
  return (rows) => {
    const order = rows.order(sorted ? 'document' : 'kernel');
    writeRows(rows, order.subarray(0, 1), first, session);
    writeRows(rows, order.subarray(1), others, session);
    return [afterServers(rows.count)];
  };
}
