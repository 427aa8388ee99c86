/** The real servers that the director daemon drains, as the table has them. */
import { bytesFromUnicode } from '../../../bytes/unicode';
import type { ServerHealth } from '../../../director/types';
import { exitStatus } from '../../../errors/exit-status';
import type { IpvsClient } from '../../../ipvs/client';
import { formatAddress, parseAddress } from '../../../model/address';
import type { ListedServer } from '../../../model/real-server';
import type { ServiceKey } from '../../../model/virtual-service';
import { interruptions, type Sleep } from '../../../platform/interactive-system';
import { serverName, serviceName } from '../../../state/table/table-state';
import type { AdminSelector } from '../../support/admin-command';
import type { CommandContext } from '../../support/base';
import { ask, healthPath, parsed } from '../../support/director';

/** The daemon sends a change within 20 ms, unless the kernel refuses or it waits for the table's lock. */
const SENT_WITHIN = 5000;
const LOOK = 100;

interface NamedServer {
  /** SERVICE/SERVER */
  readonly name: string;
  readonly key: ServerHealth['key'];
}

/** Those that a selector of the daemon names. @throws IpvsadmError. */
export async function drainedServers(
  context: CommandContext,
  socket: string,
  selector: AdminSelector,
): Promise<NamedServer[]> {
  const path = 'host' in selector ? healthPath() : healthPath(selector.service, selector.server);
  // Where they are is all that is asked: their results are a large part of the answer.
  const text = await ask(context, socket, { method: 'GET', path: `${path}?results=0` });
  return parsed<ServerHealth[]>(text)
    .filter((one) => isMeant(one, selector))
    .map(({ service, server, key }) => ({ name: bytesFromUnicode(`${service}/${server}`), key }));
}

function isMeant({ service, server, key }: ServerHealth, selector: AdminSelector): boolean {
  if ('host' in selector) {
    const wanted = parseAddress(selector.host);
    const [, six, four] = /^(?:\[(.*)\]|([^:]*)):/.exec(key.server) ?? [];
    return wanted !== undefined && formatAddress(wanted) === (six ?? four);
  }
  return (
    [service, key.service].includes(selector.service) &&
    (selector.server === undefined || [server, key.server].includes(selector.server))
  );
}

/**
 * Waits until the daemon has set a server's weight to 0.
 * @returns the server; undefined if the table does not have it (any more); the exit status if the wait
 * ended otherwise.
 */
export async function whenWeightless(
  { name, key }: NamedServer,
  client: IpvsClient,
  { system, output }: CommandContext,
  sleep: Sleep,
): Promise<{ readonly key: ServiceKey; readonly server: ListedServer } | undefined | number> {
  const start = system.now();
  for (;;) {
    const service = client.detailedServices().find((one) => serviceName(one.key) === key.service);
    const server = service && client.servers(service.key).find((one) => serverName(one) === key.server);
    if (!service || !server) return undefined;
    if (server.weight === 0) return { key: service.key, server };
    if (system.now() - start >= SENT_WITHIN) {
      const after = `${SENT_WITHIN / 1000} s`;
      output.error(
        `ipvsadm: ${name} has weight ${server.weight} after ${after}: 'ipvsadm director status' may say why`,
      );
      return exitStatus.timedOut;
    }
    const signal = await sleep(LOOK);
    if (signal) return exitStatus.signalled + interruptions[signal];
  }
}
