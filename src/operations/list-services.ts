import { toBytes } from '../bytes/byte-text';
import type { ListServices } from '../command-line/request';
import { appendServer, appendServerRule } from '../format/fast-server-lines';
import { formatServerRuleBeginning, formatServiceRule, savedColumns } from '../format/rules';
import {
  formatService,
  formatTitles,
  formatVersion,
  type ListOptions,
  shownColumns,
} from '../format/service-list';
import type { OptionalColumn } from '../ipvs/server-columns';
import { ServerRows } from '../ipvs/server-rows';
import { compareServices, orderLikeC, sortLikeC } from '../model/order';
import type { ListedService } from '../model/virtual-service';
import type { Session } from './session';

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
  await eachService(services, { ...options, sorted, columns }, session, (service) => {
    output.write(formatService(service, options));
    return (rows, index) => appendServer(output.buffer, service.key, rows, index, options);
  });
}

/** Prints the rules that restore the table (-S). */
export async function saveServices(numeric: boolean, session: Session): Promise<void> {
  const { output } = session;
  const names = numeric ? undefined : session.names;
  const services = session.connection.client.bareServices();
  await eachService(services, { names, sorted: true, columns: savedColumns }, session, (service) => {
    output.write(formatServiceRule(service, names));
    const beginning = toBytes(formatServerRuleBeginning(service.key, names));
    return (rows, index) => appendServerRule(output.buffer, service.key, rows, index, { beginning, names });
  });
}

interface EachServiceOptions extends Pick<ListOptions, 'names'> {
  readonly sorted: boolean;
  /** The optional columns of the servers to show. */
  readonly columns: readonly OptionalColumn[];
}

/**
 * Prints each service and its real servers, which are requested just before. `print` prints the
 * service and returns the function that prints a server.
 */
async function eachService(
  services: readonly ListedService[],
  { names, sorted, columns }: EachServiceOptions,
  { connection, names: known, output }: Session,
  print: (service: ListedService) => (rows: ServerRows, index: number) => void,
): Promise<void> {
  const rows = new ServerRows(columns);
  for (const service of sorted ? sortLikeC(services, compareServices) : services) {
    connection.client.serverRows(service.key, rows);
    if (names) await known.lookUpAddresses(addressesOf(service, rows));
    const printServer = print(service);
    const order = sorted ? orderLikeC(rows.count, (a, b) => rows.compare(a, b)) : undefined;
    for (let index = 0; index < rows.count; index++) {
      printServer(rows, order ? order[index]! : index);
      output.flushFull();
    }
  }
}

function addressesOf({ key }: ListedService, rows: ServerRows): Uint8Array[] {
  const addresses = Array.from({ length: rows.count }, (_, index) => rows.server(index).address);
  return key.kind === 'address' ? [key.address, ...addresses] : addresses;
}
