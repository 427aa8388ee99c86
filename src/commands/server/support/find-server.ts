import { errno } from '../../../errors/errno';
import { exitStatus } from '../../../errors/exit-status';
import { IpvsadmError } from '../../../errors/ipvsadm-error';
import { kernelSentence } from '../../../errors/kernel-messages';
import type { IpvsClient } from '../../../ipvs/client';
import type { ListedServer, ServerKey } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import { failure } from '../../../operations/run';
import { nearestFirst } from '../../../state/source/suggest';
import { serverName, serviceName } from '../../../state/table/table-state';

/** How many real servers the message about a missing one suggests. */
const MAX_SUGGESTIONS = 5;

/**
 * A real server as the table has it.
 * @throws IpvsadmError when there is no such service or real server.
 */
export function findServer(client: IpvsClient, key: ServiceKey, wanted: ServerKey): ListedServer {
  const servers = serversOf(client, key);
  const name = serverName(wanted);
  const found = servers.find((server) => serverName(server) === name);
  if (found) return found;
  const sentence = kernelSentence('edit-server', errno.ENOENT);
  throw new IpvsadmError(
    `${sentence}: ${serviceName(key)} has no real server ${name}; ${suggestions(name, servers.map(serverName))}`,
    exitStatus.refused,
  );
}

/**
 * A real server as the table has it; undefined when it or its service is gone.
 * @throws IpvsadmError.
 */
export function findServerIfPresent(
  client: IpvsClient,
  key: ServiceKey,
  wanted: ServerKey,
): ListedServer | undefined {
  try {
    const name = serverName(wanted);
    return client.servers(key).find((server) => serverName(server) === name);
  } catch (error) {
    throw failure('edit-server', error, exitStatus.listing);
  }
}

function serversOf(client: IpvsClient, key: ServiceKey): ListedServer[] {
  try {
    client.service(key); // a dump of the real servers of a missing service is empty, without an error
    return client.servers(key);
  } catch (error) {
    throw failure('edit-server', error, exitStatus.refused);
  }
}

function suggestions(name: string, names: readonly string[]): string {
  if (names.length === 0) return 'it has no real servers';
  const nearest = nearestFirst(name, names).slice(0, MAX_SUGGESTIONS);
  const more = names.length - nearest.length;
  return `it has ${nearest.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
