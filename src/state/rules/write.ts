/**
 * A state as ipvsadm rules, and whether a rule expresses all of a service, real server or sync
 * daemon.
 */
import { toBytes } from '../../bytes/byte-text';
import { newScannedServer, scanServerRule } from '../../classic/fast-rule';
import { parseCommandLine } from '../../classic/parse';
import type { Request } from '../../command-line/request';
import { IpvsadmError } from '../../errors/ipvsadm-error';
import { formatServerRule, formatServiceRule } from '../../format/rules';
import { formatNetmask } from '../../format/service-list';
import { AF_INET, addressWord, formatAddress } from '../../model/address';
import { nameOf } from '../../model/flag-names';
import type { RealServer } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import { type ServiceKey, serviceFlags, type VirtualService } from '../../model/virtual-service';
import type { NameSource } from '../../platform/names';
import { daemonMet, sameServer, sameService, timeoutsMet } from '../table/equality';
import { serverName, serviceName } from '../table/table-state';
import { ruleLine } from './line';

/** The line that adds a service, without newline. */
export function serviceRule(service: VirtualService): string {
  const rule = formatServiceRule(service, undefined).replace(/[ \n]+$/, '');
  // -S omits the netmask of a service that is not persistent.
  return service.flags & serviceFlags.persistent ? rule : rule + formatNetmask(service, ' -M ');
}

/** The line that adds a real server. */
export function serverRule(key: ServiceKey, server: RealServer): string {
  return formatServerRule(key, server, undefined).replace(/[ \n]+$/, '');
}

export function timeoutsRule({ tcp, tcpFin, udp }: Timeouts): string {
  return `--set ${tcp} ${tcpFin} ${udp}`;
}

/** The line that starts a sync daemon with the same settings. */
export function daemonRule(daemon: SyncDaemon): string {
  const { state, syncId, maxLength, group, port, ttl } = daemon;
  const options = [
    `--mcast-interface ${daemon.interface}`,
    `--syncid ${syncId}`,
    maxLength ? `--sync-maxlen ${maxLength}` : '',
    group ? `--mcast-group ${formatAddress(group)}` : '',
    port ? `--mcast-port ${port}` : '',
    ttl ? `--mcast-ttl ${ttl}` : '',
  ];
  const given = options.filter((option) => option !== '').join(' ');
  return `--start-daemon ${nameOf(daemonStates, state)} ${given}`;
}

/** Whether the line, read back, gives the same service. */
export function expressesService(rule: string, service: VirtualService): boolean {
  const request = requestOf(rule);
  return (
    request?.kind === 'add-service' &&
    serviceName(request.service.key) === serviceName(service.key) &&
    sameService(request.service, service)
  );
}

/** Whether the line, read back, gives the same real server. */
export function expressesServer(rule: string, server: RealServer): boolean {
  return scannedAs(rule, server) || expressesPlainly(rule, server);
}

/** Without the fast path. */
export function expressesPlainly(rule: string, server: RealServer): boolean {
  const request = requestOf(rule);
  return (
    request?.kind === 'add-server' &&
    serverName(request.server) === serverName(server) &&
    sameServer(request.server, server)
  );
}

const scanned = newScannedServer();

/** The fast path: a usual line, read as a restore reads it, gives the same real server. */
function scannedAs(rule: string, server: RealServer): boolean {
  const { tunnel } = server;
  if (rule.includes('\n') || scanServerRule(toBytes(`${rule}\n`), 0, scanned) !== rule.length + 1)
    return false;
  return (
    server.family === AF_INET &&
    scanned.serverAddress >>> 0 === addressWord(server.address, 0) &&
    scanned.serverPort === server.port &&
    scanned.forwarding === server.forwarding &&
    scanned.weight === server.weight &&
    server.upperThreshold === 0 &&
    server.lowerThreshold === 0 &&
    tunnel.type === 0 &&
    tunnel.port === 0 &&
    tunnel.flags === 0
  );
}

/** Whether the line, read back, gives the same timeouts: the kernel takes longer ones than `--set`. */
export function expressesTimeouts(rule: string, timeouts: Timeouts): boolean {
  const request = requestOf(rule);
  return request?.kind === 'set-timeouts' && timeoutsMet(request.timeouts, timeouts);
}

/** Whether the line, read back, gives the same sync daemon. */
export function expressesDaemon(rule: string, daemon: SyncDaemon): boolean {
  const request = requestOf(rule);
  return request?.kind === 'start-daemon' && daemonMet(daemon, request.daemon);
}

/**
 * Whether a restore accepts the line: classic syntax cannot express everything that the kernel
 * holds.
 */
export function isValidRule(rule: string): boolean {
  return requestOf(rule) !== undefined;
}

/** Rules in numbers need no names. */
export const noNames: NameSource = {
  addressOfHost: () => undefined,
  nameOfAddress: () => undefined,
  portOfService: () => undefined,
  serviceOfPort: () => undefined,
};

/** The request of a rule as a restore reads it: a name with a blank or a newline, or `ipvsadm`, is lost. */
function requestOf(rule: string): Request | undefined {
  if (rule.includes('\n')) return undefined;
  const words = ruleLine(rule, 0).words.map(({ text }) => text);
  try {
    return parseCommandLine(words, { programName: '', posix: false, names: noNames });
  } catch (error) {
    if (!(error instanceof IpvsadmError)) throw error;
    return undefined;
  }
}
