import type { ListServices } from '../../command-line/request';
import { exitStatus } from '../../errors/exit-status';
import { compareServerKeys, compareServiceKeys } from '../../model/address-order';
import { failure } from '../../operations/run';
import type { Session } from '../../operations/session';
import type { InteractiveSystem } from '../../platform/interactive-system';
import { withNames } from '../../platform/names';

/** Prints services as tables. Loads chalk and what draws tables. @throws IpvsadmError. */
export async function listPretty(
  request: ListServices,
  { connection, output, names }: Session,
  system: InteractiveSystem,
  colour: boolean,
): Promise<number> {
  const { client } = connection;
  const { formatPrettyService } = require('../../format/pretty') as typeof import('../../format/pretty');
  const options = {
    ...request,
    names: request.numeric ? undefined : names,
    width: terminalWidth(system),
    colour,
  };
  output.asIs(); // coloured
  try {
    const services = request.key ? [client.service(request.key)] : client.services();
    if (request.sorted) services.sort((a, b) => compareServiceKeys(a.key, b.key));
    if (services.length === 0) output.write('no virtual services\n');
    for (const [index, service] of services.entries()) {
      const servers = client.servers(service.key);
      if (request.sorted) servers.sort(compareServerKeys);
      if (options.names) await options.names.lookUpAddresses(servers.map(({ address }) => address));
      if (index > 0) output.write('\n');
      output.write(await withNames(() => formatPrettyService(service, servers, options)));
    }
    return exitStatus.ok;
  } catch (error) {
    throw failure(request.kind, error, exitStatus.listing);
  }
}

/**
 * The columns of a line: those of COLUMNS in the environment, else those of the terminal;
 * undefined: no limit.
 */
function terminalWidth(system: InteractiveSystem): number | undefined {
  const columns = system.environment('COLUMNS') ?? '';
  return /^[1-9][0-9]{0,4}$/.test(columns) ? Number(columns) : system.stdoutWidth();
}
