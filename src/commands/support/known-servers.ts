/** The names and comments that listings for people show: those of the daemon, or of a document that the machine names. */
import { unicodeFromBytes } from '../../bytes/unicode';
import { parseContext } from '../../classic/parse';
import type { ServerHealth } from '../../director/types';
import type { GivenNames, NamedServer } from '../../format/given-names';
import type { Configuration } from '../../model/director';
import type { ServerKey } from '../../model/real-server';
import type { ServiceKey } from '../../model/virtual-service';
import { DIRECTOR_SOCKET } from '../../platform/director-system';
import { CONFIG, machineConfig } from '../../platform/machine-config';
import { serverName, serviceName } from '../../state/table/table-state';
import type { CommandContext } from './base';
import { parsed, tryAsk } from './director';

/** @returns undefined if there are none. */
export async function givenNames(context: CommandContext): Promise<GivenNames | undefined> {
  const { servers: known, comments } = await knownOf(context, true);
  if (known.length === 0 && comments.size === 0) return undefined;
  const services = new Map(known.map(({ service, key }) => [key.service, service]));
  const servers = new Map(known.map((one) => [`${one.key.service}/${one.key.server}`, one]));
  const serverOf = (service: ServiceKey, key: ServerKey) =>
    servers.get(`${serviceName(service)}/${serverName(key)}`);
  return {
    service: (key) => services.get(serviceName(key)),
    server: (service, key) => serverOf(service, key)?.server,
    serviceComment: (key) => comments.get(serviceName(key)),
    serverComment: (service, key) => serverOf(service, key)?.comment,
  };
}

interface Known {
  readonly servers: readonly NamedServer[];
  /** Of services, by their keys. */
  readonly comments: ReadonlyMap<string, string>;
}

const nothing: Known = { servers: [], comments: new Map() };

/** Never fails: a listing is shown without names, too. */
export async function knownServers(context: CommandContext): Promise<readonly NamedServer[]> {
  return (await knownOf(context, false)).servers;
}

/** @param commented whether the comments of services are asked for. */
async function knownOf(context: CommandContext, commented: boolean): Promise<Known> {
  const { output, system } = context;
  try {
    const told = await toldServers(context);
    if (told) return { servers: told, comments: commented ? await toldComments(context) : nothing.comments };
    const { names } = machineConfig(system, (problem) => output.error(`ipvsadm: note: ${problem}`));
    return names === undefined ? nothing : await documentServers(context, names);
  } catch (error) {
    output.error(`ipvsadm: note: no names: ${(error as Error).message.trimEnd()}`);
    return nothing;
  }
}

/** Those of the director daemon; undefined if none runs. */
async function toldServers(context: CommandContext): Promise<readonly NamedServer[] | undefined> {
  if (context.system.fileMode(DIRECTOR_SOCKET) === undefined) return undefined;
  const path = '/v1/health?results=0';
  const told = await tryAsk(context, DIRECTOR_SOCKET, { method: 'GET', path });
  return told === undefined ? undefined : parsed<ServerHealth[]>(told);
}

/** A daemon that has not been restarted since an upgrade tells none. */
async function toldComments(context: CommandContext): Promise<ReadonlyMap<string, string>> {
  const told = await tryAsk(context, DIRECTOR_SOCKET, { method: 'GET', path: '/v1/services' });
  const { comments = {} } = told === undefined ? {} : parsed<{ comments?: Record<string, string> }>(told);
  return new Map(Object.entries(comments));
}

async function documentServers(context: CommandContext, file: string): Promise<Known> {
  const { readState } = require('../../state/files/read') as typeof import('../../state/files/read');
  const { output, system, names } = context;
  const read = await readState(file, system, parseContext(system, names), { complete: true });
  if (read.good) {
    const { configuration } = read;
    return { servers: namedServers(configuration), comments: namedComments(configuration) };
  }
  const why = `${unicodeFromBytes(file)} is not valid: 'ipvsadm restore --check' says why`;
  output.error(`ipvsadm: note: no names: ${why} (${CONFIG})`);
  return nothing;
}

function namedComments(
  configuration: Pick<Configuration, 'services'> | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    (configuration?.services ?? []).flatMap(({ comment, service }): [string, string][] =>
      comment === undefined ? [] : [[serviceName(service.key), comment]],
    ),
  );
}

export function namedServers(configuration: Pick<Configuration, 'services'> | undefined): NamedServer[] {
  return (configuration?.services ?? []).flatMap(({ name, service, servers }) =>
    servers.map((one) => ({
      service: name,
      server: one.name,
      ...(one.comment === undefined ? {} : { comment: one.comment }),
      key: { service: serviceName(service.key), server: serverName(one.server) },
    })),
  );
}
