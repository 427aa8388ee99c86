/**
 * Writes keepalived.conf(5). Without health checks, keepalived keeps all real servers in the table.
 */
import { AF_INET6, formatAddress, ipv4FromWord } from '../../model/address';
import type { DirectorService } from '../../model/director';
import { bitNames, nameOf, serviceFlagNames, tunnelFlagNames } from '../../model/flag-names';
import { isWithin, limits } from '../../model/limits';
import { FORWARDING_MASK, forwardingMethods, type RealServer, tunnelTypes } from '../../model/real-server';
import { daemonStates, type SyncDaemon } from '../../model/sync-daemon';
import {
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../../model/virtual-service';
import type { CheckedServer, ImportedFormat } from '../document/imported-format';
import type { TableState } from '../table/table-state';
import { schedulers, virtualServerKeywords } from './keywords';
import { parseKeepalived } from './read';
import { checkerBlock, policyLines, sslBlock, trackFileBlocks } from './write-checks';

export const keepalivedFormat: ImportedFormat = {
  name: 'keepalived.conf',
  head,
  checksHead: (services) => sslBlock(services) + trackFileBlocks(services),
  service,
  server,
  read: (text) => parseKeepalived(text),
};

function head({ timeouts, daemons }: TableState): string {
  const seconds = Object.entries({ tcp: timeouts?.tcp, tcpfin: timeouts?.tcpFin, udp: timeouts?.udp })
    .filter(([, value]) => value)
    .map(([name, value]) => ` ${name} ${value}`);
  const lines = [
    seconds.length > 0 ? `    lvs_timeouts${seconds.join('')}\n` : '',
    syncDaemon(daemons ?? []),
  ].join('');
  return lines === '' ? '' : `global_defs {\n${lines}}\n`;
}

/** keepalived runs a master and a backup with the same options, unless VRRP decides. */
function syncDaemon(daemons: readonly SyncDaemon[]): string {
  const [master, backup] = [daemonStates.master, daemonStates.backup].map((wanted) =>
    daemons.find(({ state }) => state === wanted),
  );
  if (!master || !backup || optionsOf(master) !== optionsOf(backup)) return '';
  return `    lvs_sync_daemon ${optionsOf(master)}\n`;
}

function optionsOf({ interface: device, syncId, maxLength, port, ttl, group }: SyncDaemon): string {
  return [
    device,
    `id ${syncId}`,
    maxLength ? `maxlen ${maxLength}` : '',
    port ? `port ${port}` : '',
    ttl ? `ttl ${ttl}` : '',
    group ? `group ${formatAddress(group)}` : '',
  ]
    .filter((option) => option !== '')
    .join(' ');
}

function service(
  own: VirtualService,
  servers: readonly string[],
  checked?: DirectorService,
): string | undefined {
  const target = targetOf(own.key);
  if (target === undefined) return undefined;
  const { key, scheduler } = own;
  const flags = serviceFlagNames(own.flags, scheduler);
  const lines = [
    key.kind === 'address' ? `protocol ${nameOf(protocols, key.protocol)!.toUpperCase()}` : '',
    key.kind === 'fwmark' ? `ip_family ${key.family === AF_INET6 ? 'inet6' : 'inet'}` : '',
    schedulers.includes(scheduler) ? `lvs_sched ${scheduler}` : '',
    ...flags.filter((flag) => Object.hasOwn(virtualServerKeywords, flag)),
    flags.includes('one-packet') ? 'ops' : '',
    ...persistence(own),
    ...(checked ? policyLines(checked, method) : []),
  ].filter((line) => line !== '');
  return `virtual_server ${target} {\n${lines.map((line) => `    ${line}\n`).join('')}${servers.join('')}}\n`;
}

function targetOf(key: ServiceKey): string | undefined {
  if (key.kind === 'fwmark') return `fwmark ${key.fwmark}`;
  return nameOf(protocols, key.protocol) && `${formatAddress(key.address)} ${key.port}`;
}

function persistence({ key, flags, timeout, netmask, persistenceEngine }: VirtualService): string[] {
  const persistent = (flags & serviceFlags.persistent) !== 0;
  const mask = key.family === AF_INET6 ? netmask : formatAddress(ipv4FromWord(netmask));
  return [
    persistent && isWithin(timeout, limits.persistenceTimeout) ? `persistence_timeout ${timeout}` : '',
    persistent && netmask !== hostNetmask(key.family) ? `persistence_granularity ${mask}` : '',
    persistenceEngine === '' ? '' : `persistence_engine ${persistenceEngine}`,
  ];
}

function server(own: RealServer, _service: VirtualService, checked?: CheckedServer): string {
  const numbers = [
    `weight ${own.weight}`,
    own.upperThreshold ? `uthreshold ${own.upperThreshold}` : '',
    own.lowerThreshold ? `lthreshold ${own.lowerThreshold}` : '',
    `lvs_method ${method(own)}`,
  ].filter((line) => line !== '');
  const lines = numbers.map((line) => `        ${line}\n`).join('');
  const checks = (checked?.own.checks ?? []).map((check) => checkerBlock(check) ?? '').join('');
  return `    real_server ${formatAddress(own.address)} ${own.port} {\n${lines}${checks}    }\n`;
}

/**
 * The kernel itself marks a real server with a local address as local; DR gives the same result.
 */
function method({ forwarding, tunnel }: RealServer): string {
  const which = forwarding & FORWARDING_MASK;
  if (which === forwardingMethods.masquerading) return 'NAT';
  if (which !== forwardingMethods.tunneling) return 'DR';
  const flags = bitNames(tunnel.flags, tunnelFlagNames).join();
  const checksum = { '': '', checksum: ' csum', 'remote-checksum': ' remcsum' }[flags] ?? '';
  if (tunnel.type === tunnelTypes.gue && tunnel.port > 0)
    return `TUN type gue port ${tunnel.port}${checksum}`;
  if (tunnel.type === tunnelTypes.gre) return `TUN type gre${flags === 'checksum' ? checksum : ''}`;
  return 'TUN';
}
