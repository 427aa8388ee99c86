import { exitStatus, IpvsadmError } from './errors';
import { appendUsualConnections } from './format/connection-lines';
import {
  type Connection,
  formatConnection,
  formatConnectionTitles,
  parseConnection,
} from './format/connections';
import { LineCutter } from './lines';
import type { Request } from './request';
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
  const { system, output } = session;
  const blocks = system.readBlocks(CONNECTIONS_FILE);
  if (!blocks) throw new IpvsadmError(`cannot open file ${CONNECTIONS_FILE}`, exitStatus.listing);
  const names = request.numeric ? undefined : session.names;
  let titled = false;
  let waiting: Connection[] = [];
  const print = async () => {
    if (names) await names.lookUpAddresses(waiting.flatMap(addressesOf));
    for (const connection of waiting) output.write(formatConnection(connection, request.engineData, names));
    waiting = [];
  };
  const take = (line: string) => {
    if (!titled) {
      // The kernel's own title line stands here.
      output.write(formatConnectionTitles(request.engineData));
      titled = true;
      return;
    }
    const connection = parseConnection(line);
    if (connection) waiting.push(connection);
  };
  const cutter = new LineCutter();
  for (const block of blocks) {
    const usual = (bytes: Uint8Array, from: number) =>
      titled && !names ? appendUsualConnections(output, bytes, from) : from;
    for (const line of cutter.cut(block, usual)) {
      take(line);
      if (!names || waiting.length === NAMES_AT_ONCE) await print();
    }
  }
  if (cutter.rest() !== '') take(cutter.rest());
  await print();
  if (!titled) throw new IpvsadmError(`unexpected input from ${CONNECTIONS_FILE}`, exitStatus.listing);
  return exitStatus.ok;
}

function addressesOf({ client, virtual, destination }: Connection): Uint8Array[] {
  return [client.address, virtual.address, destination.address];
}
