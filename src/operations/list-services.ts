import { toBytes } from '../bytes/byte-text';
import type { ListServices } from '../command-line/request';
import { serverLines, serverRules } from '../format/fast-server-lines';
import { beginningWith } from '../format/line-steps';
import {
  formatServerRule,
  formatServerRuleBeginning,
  formatServiceRule,
  savedColumns,
} from '../format/rules';
import {
  formatServer,
  formatService,
  formatTitles,
  formatVersion,
  type ListOptions,
  shownColumns,
} from '../format/service-list';
import type { OptionalColumn } from '../ipvs/server-columns';
import { ServerRows } from '../ipvs/server-rows';
import { compareServices, sortLikeC } from '../model/order';
import type { ListedService } from '../model/virtual-service';
import type { Session } from './session';
import { type RowLines, writeRows } from './write-rows';

/**
 * Prints the listing of all services, or of one.
 * @throws NetlinkError and other netlink failures.
 */
export async function listServices(request: ListServices, session: Session): Promise<void> {
  const { output } = session;
  const { client, info } = session.connection;
  const { format, exact, sorted } = request;
  const options: ListOptions = { format, exact, names: request.numeric ? undefined : session.names };
  // The version line is printed even if the services cannot be read.
  if (!request.key) output.write(formatVersion(info));
  const columns = shownColumns(format);
  const all = () => (columns.includes('statistics') ? client.services() : client.bareServices());
  const services = request.key ? [client.service(request.key)] : all();
  output.write(formatTitles(format));
  const fast = options.names ? undefined : serverLines(options);
  await eachService(services, { ...options, sorted, columns }, session, (service) => {
    output.write(formatService(service, options));
    return { fast, plain: (server) => formatServer(service.key, server, options) };
  });
}

/** Prints the rules that restore the table (-S). */
export async function saveServices(numeric: boolean, session: Session): Promise<void> {
  const { output } = session;
  const names = numeric ? undefined : session.names;
  const services = session.connection.client.bareServices();
  const fast = names ? undefined : serverRules();
  await eachService(services, { names, sorted: true, columns: savedColumns }, session, (service) => {
    output.write(formatServiceRule(service, names));
    return {
      fast: fast && beginningWith(toBytes(formatServerRuleBeginning(service.key, names)), fast),
      plain: (server) => formatServerRule(service.key, server, names),
    };
  });
}

interface EachServiceOptions extends Pick<ListOptions, 'names'> {
  readonly sorted: boolean;
  /** The optional columns of the servers to show. */
  readonly columns: readonly OptionalColumn[];
}

/**
 * Prints each service and its real servers, which are requested just before. `print` prints the
 * service and returns the lines of its servers.
 */
async function eachService(
  services: readonly ListedService[],
  { names, sorted, columns }: EachServiceOptions,
  { connection, names: known, output, system }: Session,
  print: (service: ListedService) => RowLines,
): Promise<void> {
  const rows = new ServerRows({ columns, bulk: system.bulkRows });
  for (const service of sorted ? sortLikeC(services, compareServices) : services) {
    connection.client.serverRows(service.key, rows);
    if (names) await known.lookUpAddresses(addressesOf(service, rows));
    writeRows(rows, rows.order(sorted ? 'listing' : 'kernel'), print(service), { output, system });
  }
}

function addressesOf({ key }: ListedService, rows: ServerRows): Uint8Array[] {
  const addresses = Array.from({ length: rows.count }, (_, index) => rows.server(index).address);
  return key.kind === 'address' ? [key.address, ...addresses] : addresses;
}
