import { toText } from './byte-text';
import { exitStatus, IpvsadmError } from './errors';
import {
  type Connection,
  formatConnection,
  formatConnectionTitles,
  parseConnection,
} from './format/connections';
import type { Request } from './request';
import type { Session } from './session';
import type { System } from './system';

const CONNECTIONS_FILE = '/proc/net/ip_vs_conn';

/** How many connections wait for their names to be looked up together. */
const NAMES_AT_ONCE = 256;

type ListConnections = Extract<Request, { kind: 'list-connections' }>;

/**
 * Prints the connection table (-L -c) in the kernel's order, as it is read.
 * @throws IpvsadmError when the kernel's file cannot be read.
 */
export async function listConnections(request: ListConnections, session: Session): Promise<number> {
  const { output } = session;
  const names = request.numeric ? undefined : session.names;
  let waiting: Connection[] = [];
  const print = async () => {
    if (names) await names.lookUpAddresses(waiting.flatMap(addressesOf));
    for (const connection of waiting) output.write(formatConnection(connection, request.engineData, names));
    waiting = [];
  };
  const connections = connectionsOf(session.system, () =>
    output.write(formatConnectionTitles(request.engineData)),
  );
  for (const connection of connections) {
    waiting.push(connection);
    if (waiting.length === NAMES_AT_ONCE) await print();
  }
  await print();
  return exitStatus.ok;
}

/**
 * The connections of the kernel's file, as it is read. @param titled called where the kernel's title line stands.
 * @throws IpvsadmError when the file cannot be read.
 */
export function* connectionsOf(system: System, titled: () => void): Generator<Connection, void> {
  const blocks = system.readBlocks(CONNECTIONS_FILE);
  if (!blocks) throw new IpvsadmError(`cannot open file ${CONNECTIONS_FILE}`, exitStatus.listing);
  let first = true;
  for (const line of linesOf(blocks)) {
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

function addressesOf({ client, virtual, destination }: Connection): Uint8Array[] {
  return [client.address, virtual.address, destination.address];
}

function* linesOf(blocks: Iterable<Uint8Array>): Generator<string, void> {
  let unfinished = '';
  for (const block of blocks) {
    const lines = (unfinished + toText(block)).split('\n');
    unfinished = lines.pop()!;
    yield* lines;
  }
  if (unfinished !== '') yield unfinished;
}
