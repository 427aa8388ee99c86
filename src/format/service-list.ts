/** The titles and lines of the listing of services and real servers (-L) in every format. */

import type { ListFormat, ListServices } from '../command-line/request';
import type { OptionalColumn } from '../ipvs/server-columns';
import { AF_INET, formatIpv4, ipv4FromWord } from '../model/address';
import {
  FORWARDING_MASK,
  forwardingMethods,
  type ListedServer,
  type RealServer,
  tunnelTypes,
} from '../model/real-server';
import { formatSchedulerFlags, SCHEDULER_FLAGS } from '../model/scheduler-flags';
import { noStatistics, type Statistics } from '../model/statistics';
import type { IpvsInfo } from '../model/table';
import {
  hostNetmask,
  type ListedService,
  type ServiceKey,
  serviceFlags,
  UNKNOWN_TIMEOUT,
} from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { left, right } from './columns';
import { formatCounter, formatExactCounter } from './counter';
import { formatListedEndpoint, formatProtocol } from './endpoint';
import { formatVersionWord } from './version';

/** How to format a listing. `names` is undefined for numbers. */
export type ListOptions = Pick<ListServices, 'format' | 'exact'> & { readonly names: NameSource | undefined };

/** The first line of a listing of all services. */
export function formatVersion({ version, connectionTableSize }: IpvsInfo): string {
  return `IP Virtual Server version ${formatVersionWord(version)} (size=${connectionTableSize | 0})\n`;
}

/** The two title lines of a format. */
export function formatTitles(format: ListFormat): string {
  return formats[format].titles;
}

/** The optional columns of ServerRows that a format shows. */
export function shownColumns(format: ListFormat): readonly OptionalColumn[] {
  return formats[format].columns;
}

/** The seconds of persistence; '?' if they are not known. */
export function formatPersistence({ timeout }: Pick<ListedService, 'timeout'>): string {
  return timeout === UNKNOWN_TIMEOUT ? '?' : String(timeout);
}

/** The line of a virtual service. */
export function formatService(service: ListedService, options: ListOptions): string {
  return `${formats[options.format].service(service, options)}\n`;
}

/** The line of a real server. */
export function formatServer(key: ServiceKey, server: ListedServer, options: ListOptions): string {
  // The protocol of a firewall mark is unknown, so its real servers' ports have no names.
  const protocol = key.kind === 'address' ? key.protocol : 0;
  const endpoint = formatListedEndpoint(server, protocol, options.names);
  const name = server.family === AF_INET ? endpoint.slice(0, 28) : endpoint;
  return `  -> ${left(name, 28)}${formats[options.format].server(server, options)}\n`;
}

interface Format {
  readonly titles: string;
  /** The optional columns that the real servers' lines show. */
  readonly columns: readonly OptionalColumn[];
  /** Formats the service's line, without newline. */
  readonly service: (service: ListedService, options: ListOptions) => string;
  /** Formats the columns after the real server's name. */
  readonly server: (server: ListedServer, options: ListOptions) => string;
}

/**
 * All formats. To add a column, add it to the titles, to `columns` and to the cells of a format.
 */
const formats: Readonly<Record<ListFormat, Format>> = {
  plain: {
    titles:
      'Prot LocalAddress:Port Scheduler Flags\n' +
      '  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n',
    columns: ['forwarding', 'weight', 'activeConnections', 'inactiveConnections'],
    service: describedService,
    server: (server) =>
      cells(
        left(formatForwarding(server), 7),
        left(server.weight, 6),
        left(server.activeConnections, 10),
        left(server.inactiveConnections, 10),
      ),
  },
  'tun-info': {
    titles:
      'Prot LocalAddress:Port Scheduler Flags\n' +
      '  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n',
    columns: [
      'forwarding',
      'tunnelType',
      'tunnelPort',
      'tunnelFlags',
      'weight',
      'activeConnections',
      'inactiveConnections',
    ],
    service: describedService,
    server: (server) =>
      cells(
        left(formatForwarding(server), 7),
        left(formatTunnel(server), 13),
        left(server.weight, 6),
        left(server.activeConnections, 10),
        left(server.inactiveConnections, 10),
      ),
  },
  thresholds: {
    titles:
      'Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n' +
      '  -> RemoteAddress:Port\n',
    columns: ['upperThreshold', 'lowerThreshold', 'activeConnections', 'inactiveConnections'],
    service: describedService,
    server: (server) =>
      cells(
        left(server.upperThreshold, 10),
        left(server.lowerThreshold, 10),
        left(server.activeConnections, 10),
        left(server.inactiveConnections, 10),
      ),
  },
  'persistent-conn': {
    titles:
      'Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n' +
      '  -> RemoteAddress:Port\n',
    columns: ['weight', 'persistentConnections', 'activeConnections', 'inactiveConnections'],
    service: describedService,
    server: (server) =>
      cells(
        left(server.weight >>> 0, 9), // unsigned here, signed in the plain listing
        left(server.persistentConnections, 11),
        left(server.activeConnections, 10),
        left(server.inactiveConnections, 10),
      ),
  },
  stats: {
    titles:
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n' +
      '  -> RemoteAddress:Port\n',
    columns: ['statistics'],
    service: (service, options) => left(serviceCell(service, options), 33) + totals(service, options),
    server: totals,
  },
  rate: {
    titles:
      'Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n' +
      '  -> RemoteAddress:Port\n',
    columns: ['statistics'],
    service: (service, options) => left(serviceCell(service, options), 33) + rates(service, options),
    server: serverRates,
  },
};

function cells(...texts: string[]): string {
  return texts.map((text) => ` ${text}`).join('');
}

/** Protocol and address, or firewall mark. */
function serviceCell({ key }: ListedService, { names }: ListOptions): string {
  if (key.kind === 'fwmark') return `FWM  ${key.fwmark}${key.family === AF_INET ? '' : ' IPv6'}`;
  const endpoint = formatListedEndpoint(key, key.protocol, names);
  const name = `${left(formatProtocol(key.protocol), 4)} ${endpoint}`;
  return key.family === AF_INET ? name.slice(0, 33) : name;
}

/** The service's name, scheduler and flags. */
function describedService(service: ListedService, options: ListOptions): string {
  return `${serviceCell(service, options)} ${service.scheduler}${formatFlags(service)}`;
}

function formatFlags(service: ListedService): string {
  const { flags, scheduler } = service;
  let text = '';
  if (flags & SCHEDULER_FLAGS) text += ` (${formatSchedulerFlags(flags, scheduler)})`;
  if (flags & serviceFlags.persistent) {
    text += ` persistent ${formatPersistence(service)}${formatNetmask(service, ' mask ')}`;
    if (service.persistenceEngine !== '') text += ` pe ${service.persistenceEngine}`;
  }
  if (flags & serviceFlags.onePacket) text += ' ops';
  return text;
}

/** `label` and the persistence netmask; '' if the netmask covers the complete address. */
export function formatNetmask(
  { key, netmask }: Pick<ListedService, 'key' | 'netmask'>,
  label: string,
): string {
  if (netmask === hostNetmask(key.family)) return '';
  return `${label}${key.family === AF_INET ? formatIpv4(ipv4FromWord(netmask)) : netmask | 0}`;
}

/** Names in listings by forwarding method. */
export const forwardingNames = ['Masq', 'Local', 'Tunnel', 'Route'];

function formatForwarding({ forwarding }: RealServer): string {
  return forwardingNames[forwarding & FORWARDING_MASK] ?? '(null)';
}

/**
 * Names by `tunnelFlags`. C reads past its table for other values (docs/compatibility.md,
 * tunnel-flags).
 */
export const tunnelFlagCells = ['-c', '+c', 'r+c'];

function formatTunnel({ forwarding, tunnel }: RealServer): string {
  const flags = tunnelFlagCells[tunnel.flags] ?? '?';
  if ((forwarding & FORWARDING_MASK) === forwardingMethods.tunneling) {
    if (tunnel.type === tunnelTypes.ipip) return 'ipip';
    if (tunnel.type === tunnelTypes.gue) return `gue:${tunnel.port}:${flags}`;
    if (tunnel.type === tunnelTypes.gre) return `gre:${flags}`;
  }
  return 'n/a';
}

type Counted = { readonly statistics?: Statistics | undefined };

function totals({ statistics = noStatistics }: Counted, options: ListOptions): string {
  return counters(options, [
    statistics.connections,
    statistics.inPackets,
    statistics.outPackets,
    statistics.inBytes,
    statistics.outBytes,
  ]);
}

function rates({ statistics = noStatistics }: Counted, options: ListOptions): string {
  return counters(options, [
    statistics.connectionRate,
    statistics.inPacketRate,
    statistics.outPacketRate,
    statistics.inByteRate,
    statistics.outByteRate,
  ]);
}

/** The first three rates of a real server are not scaled. */
function serverRates({ statistics = noStatistics }: Counted, options: ListOptions): string {
  return (
    cells(
      right(statistics.connectionRate, 8),
      right(statistics.inPacketRate, 8),
      right(statistics.outPacketRate, 8),
    ) + counters(options, [statistics.inByteRate, statistics.outByteRate])
  );
}

function counters({ exact }: ListOptions, values: readonly bigint[]): string {
  return values.map(exact ? formatExactCounter : formatCounter).join('');
}
