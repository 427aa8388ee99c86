import { errno } from '../../../errors/errno';
import { exitStatus } from '../../../errors/exit-status';
import { IpvsadmError } from '../../../errors/ipvsadm-error';
import { kernelSentence } from '../../../errors/kernel-messages';
import type { IpvsClient } from '../../../ipvs/client';
import type { ListedServer, ServerKey } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import { failure } from '../../../operations/run';
import { serverName } from '../../../state/table/table-state';
import { missingServer } from '../../support/refusal-detail';

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
    `${sentence}: ${missingServer(key, name, servers.map(serverName))}`,
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
