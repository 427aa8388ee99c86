/**
 * Writes ldirectord.cf, ldirectord(8). Without a check, `checktype = on` keeps all real servers in the
 * table.
 */
import { AF_INET6, formatAddress, ipv4FromWord } from '../../model/address';
import type { DirectorService } from '../../model/director';
import { serviceFlagNames } from '../../model/flag-names';
import { servicePortAllowed } from '../../model/kernel-rules';
import { isWithin, limits } from '../../model/limits';
import { FORWARDING_MASK, forwardingMethods, type RealServer } from '../../model/real-server';
import { SCHEDULER_FLAGS } from '../../model/scheduler-flags';
import {
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../../model/virtual-service';
import type { CheckedServer, ImportedFormat } from '../document/imported-format';
import { noNames } from '../rules/write';
import { isDotted } from './heads';
import { parseLdirectord } from './read';
import { checkInterval, checkLines, fallbackLine, ownRequest } from './write-checks';

export const ldirectordFormat: ImportedFormat = {
  name: 'ldirectord.cf',
  head: () => '',
  checksHead: checkInterval,
  service,
  server,
  read: (text) => parseLdirectord(text, noNames),
};

function service(
  own: VirtualService,
  servers: readonly string[],
  checked?: DirectorService,
): string | undefined {
  const { key } = own;
  const protocol = protocolOf(key);
  if (protocol === undefined || !isAdded(own)) return undefined;
  const persistent = (own.flags & serviceFlags.persistent) !== 0 && own.timeout > 0;
  const mask = key.family === AF_INET6 ? own.netmask : formatAddress(ipv4FromWord(own.netmask));
  // sh and mh have no name for the third flag, and bits without a name cannot be expressed.
  const flags = serviceFlagNames(own.flags & SCHEDULER_FLAGS, own.scheduler).join();
  const lines = [
    `protocol = ${protocol}`,
    `scheduler = ${own.scheduler}`,
    flags === '' ? '' : `schedflags = ${flags}`,
    protocol === 'udp' && own.flags & serviceFlags.onePacket ? 'ops = yes' : '',
    persistent ? `persistent = ${own.timeout}` : '',
    persistent && own.netmask !== hostNetmask(key.family) ? `netmask = ${mask}` : '',
    ...(checked ? checkLines(checked, fallbackLine(checked, method)) : ['checktype = on']),
    // Otherwise a server of several services has the thresholds that the first of them gives.
    servers.some((line) => / [lu]:/.test(line)) && !hasHost(checked) ? `virtualhost = ${targetOf(key)}` : '',
  ].filter((line) => line !== '');
  const head = key.family === AF_INET6 ? 'virtual6' : 'virtual';
  const settings = lines.map((line) => `    ${line}\n`).join('');
  return `${head} = ${targetOf(key)}\n${settings}${servers.join('')}\n`;
}

function hasHost(checked: DirectorService | undefined): boolean {
  return (
    checked?.servers.some(({ checks }) => checks.some((check) => 'host' in check && check.host)) ?? false
  );
}

/** Whether ldirectord can add the service, which it does by calling ipvsadm. */
function isAdded(own: VirtualService): boolean {
  const persistent = (own.flags & serviceFlags.persistent) !== 0;
  return (
    /^[a-z]+$/.test(own.scheduler) &&
    !(own.key.kind === 'address' && isDotted(formatAddress(own.key.address))) &&
    servicePortAllowed(own) &&
    (!persistent || own.timeout === 0 || isWithin(own.timeout, limits.persistenceTimeout))
  );
}

function protocolOf(key: ServiceKey): string | undefined {
  if (key.kind === 'fwmark') return 'fwm';
  if (key.protocol === protocols.tcp) return 'tcp';
  return key.protocol === protocols.udp ? 'udp' : undefined;
}

function targetOf(key: ServiceKey): string {
  return key.kind === 'fwmark' ? String(key.fwmark) : `${hostOf(key.address)}:${key.port}`;
}

function hostOf(address: Uint8Array): string {
  return address.length === 16 ? `[${formatAddress(address)}]` : formatAddress(address);
}

/** Returns undefined for a real server of another family, which ldirectord cannot express. */
function server(own: RealServer, { key }: VirtualService, checked?: CheckedServer): string | undefined {
  if (own.family !== key.family) return undefined;
  const words = [
    `${hostOf(own.address)}${own.port === 0 ? '' : `:${own.port}`}`,
    method(own),
    String(own.weight),
    checked ? ownRequest(checked.own, checked.service) : '',
    own.lowerThreshold ? `l:${own.lowerThreshold}` : '',
    own.upperThreshold ? `u:${own.upperThreshold}` : '',
  ].filter((word) => word !== '');
  return `    ${key.family === AF_INET6 ? 'real6' : 'real'} = ${words.join(' ')}\n`;
}

/**
 * The kernel itself marks a real server with a local address as local; gate gives the same result.
 */
function method({ forwarding }: Pick<RealServer, 'forwarding'>): string {
  const which = forwarding & FORWARDING_MASK;
  if (which === forwardingMethods.masquerading) return 'masq';
  return which === forwardingMethods.tunneling ? 'ipip' : 'gate';
}
