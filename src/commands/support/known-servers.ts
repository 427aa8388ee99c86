/** The names that listings for people show: those of the daemon, or of a document that the machine names. */
import { unicodeFromBytes } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import type { ServerHealth } from '../../director/types';
import type { GivenNames, NamedServer } from '../../format/given-names';
import type { Configuration } from '../../model/director';
import { DIRECTOR_SOCKET } from '../../platform/director-system';
import { CONFIG, machineConfig } from '../../platform/machine-config';
import { serverName, serviceName } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { parsed, tryAsk } from './director';

/** @returns undefined if there are none. */
export async function givenNames(context: CommandContext): Promise<GivenNames | undefined> {
  const known = await knownServers(context);
  if (known.length === 0) return undefined;
  const services = new Map(known.map(({ service, key }) => [key.service, service]));
  const servers = new Map(known.map(({ server, key }) => [`${key.service}/${key.server}`, server]));
  return {
    service: (key) => services.get(serviceName(key)),
    server: (service, key) => servers.get(`${serviceName(service)}/${serverName(key)}`),
  };
}

/** Never fails: a listing is shown without names, too. */
export async function knownServers(context: CommandContext): Promise<readonly NamedServer[]> {
  const { output, system } = context;
  try {
    const told = await toldServers(context);
    if (told) return told;
    const { names } = machineConfig(system, (problem) => output.error(`ipvsadm: note: ${problem}`));
    return names === undefined ? [] : await documentServers(context, names);
  } catch (error) {
    output.error(`ipvsadm: note: no names: ${(error as Error).message.trimEnd()}`);
    return [];
  }
}

/** Those of the director daemon; undefined if none runs. */
async function toldServers(context: CommandContext): Promise<readonly NamedServer[] | undefined> {
  if (context.system.fileMode(DIRECTOR_SOCKET) === undefined) return undefined;
  const path = '/v1/health?results=0';
  const told = await tryAsk(context, DIRECTOR_SOCKET, { method: 'GET', path });
  return told === undefined ? undefined : parsed<ServerHealth[]>(told);
}

async function documentServers(context: CommandContext, file: string): Promise<readonly NamedServer[]> {
  const { readState } = require('../../state/files/read') as typeof import('../../state/files/read');
  const { output, system, names } = context;
  const read = await readState(file, system, parseContext(system, names), { complete: true });
  if (read.good) return namedServers(read.configuration);
  const why = `${unicodeFromBytes(file)} is not valid: 'ipvsadm restore --check' says why`;
  output.error(`ipvsadm: note: no names: ${why} (${CONFIG})`);
  return [];
}

export function namedServers(configuration: Pick<Configuration, 'services'> | undefined): NamedServer[] {
  return (configuration?.services ?? []).flatMap(({ name, service, servers }) =>
    servers.map((one) => ({
      service: name,
      server: one.name,
      key: { service: serviceName(service.key), server: serverName(one.server) },
    })),
  );
}
