/** The fields of a virtual service in a state document. */
import { AF_INET, formatIpv4, ipv4FromWord } from '../../model/address';
import { serviceFlagNames } from '../../model/flag-names';
import { defaults, limits, nameLengths } from '../../model/limits';
import { DEFAULT_SCHEDULER } from '../../model/schedulers';
import { hostNetmask, type ListedService, protocols, serviceFlags } from '../../model/virtual-service';
import type { MaybeUnknown } from '../table/listed-state';
import type { FieldOf, ObjectProblem } from './field';
import {
  address,
  boolean,
  flagNames,
  nameOfAtMost,
  netmask,
  oneOfOrInteger,
  u16,
  u32,
  within,
} from './kinds';
import { serverType } from './server-fields';
import { familyName, statisticsType, unknownField } from './shared-fields';

const persistenceFields = [
  {
    name: 'enabled',
    kind: boolean,
    attribute: 'IPVS_SVC_ATTR_FLAGS',
    summary:
      'whether the service is persistent; false: the kernel keeps the values below, but they have no effect',
    default: true,
    of: (service) => (isPersistent(service) ? undefined : false),
  },
  {
    name: 'timeout',
    kind: u32,
    attribute: 'IPVS_SVC_ATTR_TIMEOUT',
    summary: 'seconds that a client stays on its real server',
    default: defaults.persistenceTimeout,
  },
  {
    name: 'netmask',
    kind: netmask,
    attribute: 'IPVS_SVC_ATTR_NETMASK',
    summary: 'clients that persist together',
    absent: '255.255.255.255, 128',
    of: (service) => netmaskOf(service),
  },
  {
    name: 'engine',
    property: 'persistenceEngine',
    kind: nameOfAtMost(nameLengths.persistenceEngine, 'the name of a persistence engine'),
    attribute: 'IPVS_SVC_ATTR_PE_NAME',
    summary: 'persistence engine',
    default: '',
    absent: 'none',
    of: ({ persistenceEngine }) => persistenceEngine || undefined,
  },
] as const satisfies readonly FieldOf<ListedService>[];

/** Those of the service itself. */
export const ownServiceFields = [
  {
    name: 'protocol',
    kind: oneOfOrInteger(protocols, 0xffff),
    attribute: 'IPVS_SVC_ATTR_PROTOCOL',
    summary: 'IP protocol; not with `fwmark`',
    of: ({ key }) => (key.kind === 'address' ? key.protocol : undefined),
  },
  {
    name: 'fwmark',
    kind: within(limits.fwmark),
    attribute: 'IPVS_SVC_ATTR_FWMARK',
    summary: 'firewall mark, in place of `protocol`, `address` and `port`',
    of: ({ key }) => (key.kind === 'fwmark' ? key.fwmark : undefined),
  },
  {
    name: 'family',
    kind: familyName,
    attribute: 'IPVS_SVC_ATTR_AF',
    summary: 'address family',
    absent: 'that of `address`; with `fwmark`: `ipv4`',
    of: ({ key }) => key.family,
  },
  {
    name: 'address',
    kind: address,
    attribute: 'IPVS_SVC_ATTR_ADDR',
    summary: 'virtual address',
    of: ({ key }) => (key.kind === 'address' ? key.address : undefined),
  },
  {
    name: 'port',
    kind: u16,
    attribute: 'IPVS_SVC_ATTR_PORT',
    summary: 'virtual port; port 0 (all ports) requires persistence',
    of: ({ key }) => (key.kind === 'address' ? key.port : undefined),
  },
  {
    name: 'scheduler',
    kind: nameOfAtMost(nameLengths.scheduler, 'the name of a scheduler'),
    attribute: 'IPVS_SVC_ATTR_SCHED_NAME',
    summary: 'scheduler; `none` for no new connections',
    default: DEFAULT_SCHEDULER,
  },
  {
    name: 'flags',
    kind: flagNames,
    attribute: 'IPVS_SVC_ATTR_FLAGS',
    summary:
      '`one-packet`, `flag-1` to `flag-3` (of sh and mh: `sh-fallback`, `sh-port`, `mh-fallback`, `mh-port`); bits without a name as `0x40`',
    default: [],
    of: ({ flags, scheduler }) => serviceFlagNames(flags, scheduler),
  },
  {
    name: 'persistence',
    inline: true,
    object: { fields: persistenceFields },
    when: (service) => isPersistent(service) || hasPersistence(service),
  },
  { name: 'statistics', object: statisticsType('IPVS_SVC_ATTR_STATS64'), counter: true },
  unknownField('IPVS_SVC_ATTR_*'),
] as const satisfies readonly FieldOf<ListedService & MaybeUnknown>[];

export const serviceFields = [...ownServiceFields, { name: 'servers', items: serverType }] as const;

export const serviceType = {
  id: 'service',
  summary: 'a virtual service: protocol, address and port, or fwmark',
  fields: serviceFields,
  problems: keyProblems,
} as const;

const addressKeyNames = ['protocol', 'address', 'port'] as const;

/** Fields of the key that are missing or exclude each other. */
function keyProblems(service: object): readonly ObjectProblem[] {
  const isThere = (name: string) => (service as Record<string, unknown>)[name] !== undefined;
  const there = addressKeyNames.filter(isThere);
  if (isThere('fwmark')) {
    return there.map((name) => ({
      path: [name],
      message: `'${name}' is not allowed with 'fwmark'`,
      hint: 'a service has either fwmark, or protocol, address and port',
    }));
  }
  if (there.length === addressKeyNames.length) return [];
  const missing = addressKeyNames.filter((name) => !isThere(name));
  return [
    {
      path: [],
      message: `${enumerated(missing)} ${missing.length === 1 ? 'is' : 'are'} missing`,
      hint: 'a service has either fwmark, or protocol, address and port',
    },
  ];
}

/** `a`, `a and b`, `a, b and c`. */
function enumerated(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' and ');
}

function isPersistent({ flags }: Pick<ListedService, 'flags'>): boolean {
  return (flags & serviceFlags.persistent) !== 0;
}

/** Whether the kernel keeps values of persistence, also when the service is not persistent. */
function hasPersistence({ key, timeout, netmask, persistenceEngine }: ListedService): boolean {
  return timeout !== 0 || netmask !== hostNetmask(key.family) || persistenceEngine !== '';
}

function netmaskOf({ key, netmask }: ListedService): string | number {
  return key.family === AF_INET ? formatIpv4(ipv4FromWord(netmask)) : netmask;
}
