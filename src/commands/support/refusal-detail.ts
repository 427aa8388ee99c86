/**
 * What the C program's sentence for a refusal leaves out: what was asked for, what is wrong with it,
 * and what would be right, from a look at the table.
 */
import type { Request } from '../../command-line/request';
import { errno } from '../../errors/errno';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import type { IpvsClient } from '../../ipvs/client';
import type { Change } from '../../model/change';
import { nameOf } from '../../model/flag-names';
import { thresholdsInOrder } from '../../model/kernel-rules';
import { defaults } from '../../model/limits';
import { FORWARDING_MASK, forwardingMethods } from '../../model/real-server';
import { persistenceEngines, schedulerNames } from '../../model/schedulers';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { isNetlinkFailure } from '../../netlink/errors';
import type { System } from '../../platform/system';
import { nearest, nearestFirst } from '../../state/source/suggest';
import { serverName, serviceName } from '../../state/table/table-state';

/** How many entries of the table a message about a missing one suggests. */
const MAX_SUGGESTIONS = 5;

interface Place {
  readonly client: IpvsClient;
  readonly system: Pick<System, 'readFile'>;
}

/**
 * The error with what its message leaves out; other errors unchanged.
 * @param request what was asked of the kernel.
 */
export function withDetail(error: unknown, request: Request | undefined, place: Place): unknown {
  if (!(error instanceof IpvsadmError) || !error.refused) return error;
  const { errno: code, change = request } = error.refused;
  const detail = change && detailOf(change, code, place);
  return detail === undefined
    ? error
    : new IpvsadmError(`${error.message}: ${detail}`, error.status, error.refused);
}

/** The detail of a refused request; undefined if there is nothing to add. */
function detailOf(request: Request, code: number, place: Place): string | undefined {
  try {
    return lookedUp(request, code, place) ?? subjectOf(request);
  } catch (error) {
    if (!isNetlinkFailure(error)) throw error;
    return subjectOf(request);
  }
}

function lookedUp(request: Request, code: number, { client, system }: Place): string | undefined {
  const key = keyOf(request);
  if (code === errno.ESRCH && key) return missingService(client, key);
  switch (request.kind) {
    case 'add-service':
    case 'edit-service':
      if (code === errno.EEXIST) return `${serviceName(request.service.key)}: change it with service set`;
      return code === errno.ENOENT ? missingModule(request.service) : undefined;
    case 'add-server':
    case 'edit-server':
    case 'delete-server':
      return serverDetail(request, code, client);
    case 'start-daemon':
    case 'stop-daemon':
      return daemonDetail(request, code, client.daemons(), system);
    default:
      return undefined;
  }
}

/** What the request is about. */
function subjectOf(request: Request): string | undefined {
  const key = keyOf(request);
  if ('server' in request) return `${serverName(request.server)} of ${serviceName(request.key)}`;
  if (key) return serviceName(key);
  if ('daemon' in request) return daemonName(request.daemon);
  if (request.kind !== 'set-timeouts') return undefined;
  const { tcp, tcpFin, udp } = request.timeouts;
  return `timeouts ${tcp} ${tcpFin} ${udp}`;
}

function keyOf(request: Request): ServiceKey | undefined {
  if ('service' in request) return request.service.key;
  return 'key' in request ? request.key : undefined;
}

/** That the table does not have a service, and which it has. */
export function missingService(client: IpvsClient, key: ServiceKey): string {
  const name = serviceName(key);
  const names = client.bareServices().map((service) => serviceName(service.key));
  const others = names.length === 0 ? 'it has no services' : `it has ${suggestions(name, names)}`;
  return `the table has no service ${name}; ${others}`;
}

/** That a service does not have a real server, and which it has. */
export function missingServer(key: ServiceKey, name: string, names: readonly string[]): string {
  const others = names.length === 0 ? 'it has no real servers' : `it has ${suggestions(name, names)}`;
  return `${serviceName(key)} has no real server ${name}; ${others}`;
}

function suggestions(name: string, names: readonly string[]): string {
  const nearestNames = nearestFirst(name, names).slice(0, MAX_SUGGESTIONS);
  const more = names.length - nearestNames.length;
  return `${nearestNames.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Why the kernel finds no scheduler or persistence engine. */
function missingModule({ scheduler, persistenceEngine: engine }: VirtualService): string {
  if (engine === '' || !schedulerNames.includes(scheduler))
    return unknownName('scheduler', scheduler, schedulerNames);
  return unknownName('persistence engine', engine, persistenceEngines);
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  if (known.includes(name)) return `the kernel has no module for ${what} '${name}'`;
  return `there is no ${what} '${name}'; ${nearest(name, known) ?? `known: ${known.join(', ')}`}`;
}

function serverDetail(
  { kind, key, server }: Extract<Change, { readonly server: unknown }>,
  code: number,
  client: IpvsClient,
): string | undefined {
  const name = serverName(server);
  if (code === errno.ENOENT) return missingServer(key, name, client.servers(key).map(serverName));
  if (code === errno.EEXIST) {
    const live = client.servers(key).find((each) => serverName(each) === name);
    const method = live && nameOf(forwardingMethods, live.forwarding & FORWARDING_MASK);
    return `${serviceName(key)} has ${name}${method ? ` (${method}, weight ${live.weight})` : ''}: change it with server set`;
  }
  if (code !== errno.ERANGE || kind === 'delete-server' || thresholdsInOrder(server)) return undefined;
  const { lowerThreshold: lower, upperThreshold: upper } = server;
  return `the lower threshold of ${name}, ${lower}, is above the upper one, ${upper}: give a smaller --l-threshold or a larger --u-threshold`;
}

function daemonDetail(
  { kind, daemon }: Extract<Change, { readonly daemon: unknown }>,
  code: number,
  running: readonly SyncDaemon[],
  { readFile }: Pick<System, 'readFile'>,
): string | undefined {
  const state = nameOf(daemonStates, daemon.state);
  const names = running.map(daemonName).join(', ') || 'none';
  if (kind === 'stop-daemon') {
    return code === errno.ESRCH ? `no ${state} daemon is running; running: ${names}` : undefined;
  }
  if (code === errno.EEXIST) return `running: ${names}: stop it with daemon stop ${state}`;
  if (code !== errno.ENODEV) return undefined;
  const devices = readFile('/proc/net/dev') ?? '';
  const interfaces = [...devices.matchAll(/^ *([^ :\n]+):/gm)].map(([, each]) => each).join(', ');
  const isDefault = daemon.interface === defaults.multicastInterface ? ' (the default)' : '';
  return `there is no interface '${daemon.interface}'${isDefault}: give --mcast-interface one of ${interfaces || 'those of ip link'}`;
}

function daemonName(daemon: SyncDaemon): string {
  return `${nameOf(daemonStates, daemon.state)}${daemon.interface === '' ? '' : ` on ${daemon.interface}`}`;
}
