import { LineCutter, type TakeLines } from '../bytes/line-cutter';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import {
  type Connection,
  formatConnection,
  formatConnectionTitles,
  parseConnection,
} from '../format/connections';
import { appendUsualConnections } from '../format/fast-connection-lines';
import type { System } from '../platform/system';
import type { Session } from './session';

const CONNECTIONS_FILE = '/proc/net/ip_vs_conn';

/** The number of connections whose names are looked up together. */
const NAMES_AT_ONCE = 256;

type ListConnections = Extract<Request, { kind: 'list-connections' }>;

/**
 * Prints the connection table (-L -c) in the kernel's order, while it is read.
 * @throws IpvsadmError if the kernel's file cannot be read.
 */
export async function listConnections(request: ListConnections, session: Session): Promise<number> {
  const { output, system } = session;
  const names = request.numeric ? undefined : session.names;
  const printTitles = () => output.write(formatConnectionTitles(request.engineData));
  const print = (connection: Connection) =>
    output.write(formatConnection(connection, request.engineData, names));
  if (!names) {
    const fast: TakeLines = (block, from) =>
      appendUsualConnections(output, block, from, system.bulkLines?.takeConnections);
    for (const connection of connectionsOf(system, printTitles, fast)) print(connection);
    return exitStatus.ok;
  }
  let waiting: Connection[] = [];
  const printWaiting = async () => {
    await names.lookUpAddresses(waiting.flatMap(addressesOf));
    waiting.forEach(print);
    waiting = [];
  };
  for (const connection of connectionsOf(system, printTitles)) {
    waiting.push(connection);
    if (waiting.length === NAMES_AT_ONCE) await printWaiting();
  }
  await printWaiting();
  return exitStatus.ok;
}

/**
 * The connections of the kernel's file, while it is read.
 * @param onTitles called for the kernel's title line.
 * @param take called with the lines after that, and may handle some itself.
 * @throws IpvsadmError if the file cannot be read.
 */
export function* connectionsOf(
  system: System,
  onTitles: () => void,
  take: TakeLines = (_block, from) => from,
): Generator<Connection, void> {
  const blocks = system.readBlocks(CONNECTIONS_FILE);
  if (!blocks) throw new IpvsadmError(`cannot open file ${CONNECTIONS_FILE}`, exitStatus.listing);
  let first = true;
  for (const line of cutLines(blocks, (block, from) => (first ? from : take(block, from)))) {
    if (first) {
      onTitles();
      first = false;
      continue;
    }
    const connection = parseConnection(line);
    if (connection) yield connection;
  }
  if (first) throw new IpvsadmError(`unexpected input from ${CONNECTIONS_FILE}`, exitStatus.listing);
}

function* cutLines(blocks: Iterable<Uint8Array>, take: TakeLines): Generator<string, void> {
  const cutter = new LineCutter();
  for (const block of blocks) yield* cutter.cut(block, take);
  if (cutter.rest() !== '') yield cutter.rest();
}

function addressesOf({ client, virtual, destination }: Connection): Uint8Array[] {
  return [client.address, virtual.address, destination.address];
}
