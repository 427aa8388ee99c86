/** The rules that -S writes and -R reads. */

import type { OptionalColumn } from '../ipvs/server-columns';
import { AF_INET } from '../model/address';
import { FORWARDING_MASK, forwardingMethods, type RealServer, tunnelTypes } from '../model/real-server';
import { formatSchedulerFlags, SCHEDULER_FLAGS } from '../model/scheduler-flags';
import { protocols, type ServiceKey, serviceFlags, type VirtualService } from '../model/virtual-service';
import type { NameSource } from '../platform/names';
import { formatEndpoint } from './endpoint';
import { formatNetmask } from './service-list';

/** The columns of ServerRows that rules show. */
export const savedColumns: readonly OptionalColumn[] = [
  'forwarding',
  'weight',
  'upperThreshold',
  'lowerThreshold',
  'tunnelType',
  'tunnelPort',
  'tunnelFlags',
];

/** The line that adds a virtual service. @param names undefined for numbers. */
export function formatServiceRule(service: VirtualService, names: NameSource | undefined): string {
  const { flags, scheduler, persistenceEngine } = service;
  const schedulerFlags = flags & SCHEDULER_FLAGS;
  let line = `-A ${formatKey(service.key, names)} -s ${scheduler}`;
  if (flags & serviceFlags.persistent) line += ` -p ${service.timeout}${formatNetmask(service, ' -M ')}`;
  if (persistenceEngine !== '') line += ` --pe ${persistenceEngine}`;
  if (flags & serviceFlags.onePacket) line += ' -o';
  // sh and mh have no name for flag-3: alone, -b would have no value
  // (docs/compatibility.md, empty-sched-flags).
  if (schedulerFlags) line += ` -b ${formatSchedulerFlags(flags, scheduler) || 'flag-3'}`;
  return `${line}\n`;
}

/** The line that adds a real server to the service of `key`. */
export function formatServerRule(key: ServiceKey, server: RealServer, names: NameSource | undefined): string {
  const protocol = key.kind === 'address' ? key.protocol : 0;
  const name = formatEndpoint(server, protocol, names);
  const forwarding = forwardingOptions[server.forwarding & FORWARDING_MASK] ?? '(null)';
  const thresholds =
    server.upperThreshold || server.lowerThreshold
      ? ` -x ${server.upperThreshold} -y ${server.lowerThreshold}`
      : '';
  const beginning = formatServerRuleBeginning(key, names);
  return `${beginning}${name} ${forwarding} -w ${server.weight}${formatTunnel(server)}${thresholds}\n`;
}

/** The common beginning of the rules of a service's real servers. */
export function formatServerRuleBeginning(key: ServiceKey, names: NameSource | undefined): string {
  return `-a ${formatKey(key, names)} -r `;
}

/** The line that resets the counters of a virtual service, or of all. */
export function formatZeroRule(key: ServiceKey | undefined): string {
  return key ? `-Z ${formatKey(key, undefined)}\n` : '-Z\n';
}

/** Options by forwarding method. Local servers are saved as gatewaying. */
export const forwardingOptions = ['-m', '-g', '-i', '-g'];

const protocolOptions = new Map<number, string>([
  [protocols.tcp, '-t'],
  [protocols.udp, '-u'],
  [protocols.sctp, '--sctp-service'],
]);

function formatKey(key: ServiceKey, names: NameSource | undefined): string {
  if (key.kind === 'fwmark') return `-f ${key.fwmark}${key.family === AF_INET ? '' : ' -6'}`;
  const option = protocolOptions.get(key.protocol) ?? '--xxx-service';
  return `${option} ${formatEndpoint(key, key.protocol, names)}`;
}

/** Options by `tunnelFlags`. C reads past its table for other values. */
export const tunnelFlagOptions = [' --tun-nocsum', ' --tun-csum', ' --tun-remcsum'];

function formatTunnel({ forwarding, tunnel }: RealServer): string {
  if ((forwarding & FORWARDING_MASK) !== forwardingMethods.tunneling) return '';
  const flags = tunnelFlagOptions[tunnel.flags] ?? '';
  if (tunnel.type === tunnelTypes.ipip) return ' --tun-type ipip';
  if (tunnel.type === tunnelTypes.gue) return ` --tun-type gue --tun-port ${tunnel.port}${flags}`;
  return tunnel.type === tunnelTypes.gre ? ` --tun-type gre${flags}` : '';
}
