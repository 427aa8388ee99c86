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

/** How many real servers are named in place of one that there is not. */
const MAX_NAMED = 5;

/**
 * A real server as it is in the table.
 * @throws IpvsadmError: no such service; no such real server, with those whose names are like it.
 */
export function findServer(client: IpvsClient, key: ServiceKey, wanted: ServerKey): ListedServer {
  const servers = serversOf(client, key);
  const name = serverName(wanted);
  const found = servers.find((server) => serverName(server) === name);
  if (found) return found;
  const sentence = kernelSentence('edit-server', errno.ENOENT);
  throw new IpvsadmError(
    `${sentence}: ${serviceName(key)} has no real server ${name}; ${known(name, servers.map(serverName))}`,
    exitStatus.refused,
  );
}

/** The same; undefined when it, or its service, is gone. @throws IpvsadmError. */
export function serverIfThere(
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
    client.service(key); // the real servers of no service are none, without an error
    return client.servers(key);
  } catch (error) {
    throw failure('edit-server', error, exitStatus.refused);
  }
}

function known(name: string, names: readonly string[]): string {
  if (names.length === 0) return 'it has none at all';
  const named = nearestFirst(name, names).slice(0, MAX_NAMED);
  const more = names.length - named.length;
  return `it has ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
