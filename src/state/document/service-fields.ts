/** The fields of a virtual service in a state document. */

import { unicodeFromBytes } from '../../bytes/unicode';
import { AF_INET, formatAddress, formatIpv4, ipv4FromWord } from '../../model/address';
import { nameOf, serviceFlagNames } from '../../model/flag-names';
import { hostNetmask, type ListedService, protocols, serviceFlags } from '../../model/virtual-service';
import { type Field, familyName, some, statisticsFields, type Unknown, unknownField } from './field';

export const serviceFields: readonly Field<ListedService & Unknown>[] = [
  {
    name: 'protocol',
    attribute: 'IPVS_SVC_ATTR_PROTOCOL',
    type: '`tcp`, `udp`, `sctp`, or a number',
    summary: 'IP protocol; not with `fwmark`',
    of: ({ key }) => (key.kind === 'address' ? (nameOf(protocols, key.protocol) ?? key.protocol) : undefined),
  },
  {
    name: 'fwmark',
    attribute: 'IPVS_SVC_ATTR_FWMARK',
    type: '1..4294967295',
    summary: 'firewall mark, in place of `protocol`, `address` and `port`',
    of: ({ key }) => (key.kind === 'fwmark' ? key.fwmark : undefined),
  },
  {
    name: 'family',
    attribute: 'IPVS_SVC_ATTR_AF',
    type: '`ipv4`, `ipv6`',
    summary: 'address family',
    absent: 'that of `address`; with `fwmark`: `ipv4`',
    of: ({ key }) => familyName(key.family),
  },
  {
    name: 'address',
    attribute: 'IPVS_SVC_ATTR_ADDR',
    type: 'address',
    summary: 'virtual address',
    of: ({ key }) => (key.kind === 'address' ? formatAddress(key.address) : undefined),
  },
  {
    name: 'port',
    attribute: 'IPVS_SVC_ATTR_PORT',
    type: '0..65535',
    summary: 'virtual port; 0, every port, wants persistence',
    of: ({ key }) => (key.kind === 'address' ? key.port : undefined),
  },
  {
    name: 'scheduler',
    attribute: 'IPVS_SVC_ATTR_SCHED_NAME',
    type: 'text',
    summary: 'scheduler; `none` for no new connections',
    absent: '`wlc`',
    of: ({ scheduler }) => unicodeFromBytes(scheduler),
  },
  {
    name: 'flags',
    attribute: 'IPVS_SVC_ATTR_FLAGS',
    type: 'list',
    summary:
      '`one-packet`, `flag-1` to `flag-3` (of sh and mh: `sh-fallback`, `sh-port`, `mh-fallback`, `mh-port`); bits without a name as `0x40`',
    absent: 'none',
    of: ({ flags, scheduler }) => some(serviceFlagNames(flags, scheduler)),
  },
  {
    name: 'persistence.enabled',
    attribute: 'IPVS_SVC_ATTR_FLAGS',
    type: 'true or false',
    summary:
      '`persistence` stands for a persistent service; false: only what the kernel keeps of one that is not',
    absent: 'true',
    of: (service) => (isPersistent(service) || !hasPersistence(service) ? undefined : false),
  },
  {
    name: 'persistence.timeout',
    attribute: 'IPVS_SVC_ATTR_TIMEOUT',
    type: '0..4294967295',
    summary: 'seconds that a client stays on its real server',
    absent: '360',
    of: (service) => (isPersistent(service) || hasPersistence(service) ? service.timeout : undefined),
  },
  {
    name: 'persistence.netmask',
    attribute: 'IPVS_SVC_ATTR_NETMASK',
    type: 'IPv4: a mask, IPv6: 1..128',
    summary: 'clients that persist together',
    absent: '255.255.255.255, 128',
    of: (service) => (isPersistent(service) || hasPersistence(service) ? netmaskOf(service) : undefined),
  },
  {
    name: 'persistence.engine',
    attribute: 'IPVS_SVC_ATTR_PE_NAME',
    type: 'text',
    summary: 'persistence engine',
    absent: 'none',
    of: ({ persistenceEngine }) => unicodeFromBytes(persistenceEngine) || undefined,
  },
  ...statisticsFields('IPVS_SVC_ATTR_STATS64'),
  unknownField('IPVS_SVC_ATTR_*'),
];

function isPersistent({ flags }: Pick<ListedService, 'flags'>): boolean {
  return (flags & serviceFlags.persistent) !== 0;
}

/** Whether the kernel keeps facts of persistence, on or off. */
function hasPersistence({ key, timeout, netmask, persistenceEngine }: ListedService): boolean {
  return timeout !== 0 || netmask !== hostNetmask(key.family) || persistenceEngine !== '';
}

function netmaskOf({ key, netmask }: ListedService): string | number {
  return key.family === AF_INET ? formatIpv4(ipv4FromWord(netmask)) : netmask;
}
