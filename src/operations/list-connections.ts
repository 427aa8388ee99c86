import { LineCutter, type TakeLines } from '../bytes/line-cutter';
import type { Request } from '../command-line/request';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { appendUsualConnections } from '../format/connection-lines';
import {
  type Connection,
  formatConnection,
  formatConnectionTitles,
  parseConnection,
} from '../format/connections';
import type { System } from '../platform/system';
import type { Session } from './session';

const CONNECTIONS_FILE = '/proc/net/ip_vs_conn';

/** How many connections wait for their names to be looked up together. */
const NAMES_AT_ONCE = 256;

type ListConnections = Extract<Request, { kind: 'list-connections' }>;

/**
 * Prints the connection table (-L -c) in the kernel's order, as it is read.
 * @throws IpvsadmError when the kernel's file cannot be read.
 */
export async function listConnections(request: ListConnections, session: Session): Promise<number> {
  const { output, system } = session;
  const names = request.numeric ? undefined : session.names;
  const titled = () => output.write(formatConnectionTitles(request.engineData));
  const print = (connection: Connection) =>
    output.write(formatConnection(connection, request.engineData, names));
  if (!names) {
    const usual: TakeLines = (block, from) => appendUsualConnections(output, block, from);
    for (const connection of connectionsOf(system, titled, usual)) print(connection);
    return exitStatus.ok;
  }
  let waiting: Connection[] = [];
  const printWaiting = async () => {
    await names.lookUpAddresses(waiting.flatMap(addressesOf));
    waiting.forEach(print);
    waiting = [];
  };
  for (const connection of connectionsOf(system, titled)) {
    waiting.push(connection);
    if (waiting.length === NAMES_AT_ONCE) await printWaiting();
  }
  await printWaiting();
  return exitStatus.ok;
}

/**
 * The connections of the kernel's file, as it is read.
 * @param titled called where the kernel's title line stands.
 * @param take is offered every line behind that, and may take some itself.
 * @throws IpvsadmError when the file cannot be read.
 */
export function* connectionsOf(
  system: System,
  titled: () => void,
  take: TakeLines = (_block, from) => from,
): Generator<Connection, void> {
  const blocks = system.readBlocks(CONNECTIONS_FILE);
  if (!blocks) throw new IpvsadmError(`cannot open file ${CONNECTIONS_FILE}`, exitStatus.listing);
  let first = true;
  for (const line of cutLines(blocks, (block, from) => (first ? from : take(block, from)))) {
    if (first) {
      titled();
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
