/**
 * Functions for library users that create keys, services and real servers; everything has the usual
 * default.
 */
import { AF_INET, AF_INET6, type Family, parseAddress } from '../model/address';
import { defaults, isWithin, limits } from '../model/limits';
import {
  forwardingMethods,
  type RealServer,
  type ServerKey,
  tunnelFlags,
  tunnelTypes,
} from '../model/real-server';
import { DEFAULT_SCHEDULER } from '../model/schedulers';
import {
  type AddressKey,
  type FwmarkKey,
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../model/virtual-service';
import {
  checkServerSettings,
  checkServiceSettings,
  numberOf,
  type ServerSettings,
  type ServiceSettings,
  shown,
} from './settings';

/**
 * The key of a virtual service with an address.
 * @param address IPv4 or IPv6, in text, without brackets.
 * @param port in host order; 0 (all ports) requires a persistent service.
 * @throws TypeError for an unknown protocol or an invalid address; RangeError for an invalid port.
 */
export function addressService(protocol: keyof typeof protocols, address: string, port: number): AddressKey {
  const number = numberOf('a protocol that IPVS balances', protocol, protocols);
  return { kind: 'address', protocol: number, ...endpoint(address, port) };
}

/**
 * The key of a virtual service with a firewall mark, 1..4294967295.
 * @throws RangeError for an invalid mark or family.
 */
export function fwmarkService(fwmark: number, family: Family = AF_INET): FwmarkKey {
  if (!Number.isInteger(fwmark) || !isWithin(fwmark, limits.fwmark)) {
    const { min, max } = limits.fwmark;
    throw new RangeError(`${shown(fwmark)}: a firewall mark must be an integer from ${min} to ${max}`);
  }
  if (family !== AF_INET && family !== AF_INET6) {
    throw new RangeError(`${shown(family)}: an address family must be AF_INET or AF_INET6`);
  }
  return { kind: 'fwmark', fwmark, family };
}

/**
 * A virtual service: scheduler wlc, not persistent, unless `settings` differ. A timeout makes it
 * persistent.
 * @throws TypeError for an unknown setting; TypeError or RangeError for an invalid one.
 */
export function virtualService(key: ServiceKey, settings: ServiceSettings = {}): VirtualService {
  checkServiceSettings(settings);
  return {
    key,
    scheduler: DEFAULT_SCHEDULER,
    flags: settings.timeout ? serviceFlags.persistent : 0,
    timeout: 0,
    netmask: hostNetmask(key.family),
    persistenceEngine: '',
    ...settings,
  };
}

/**
 * A real server: weight 1, gatewaying, no thresholds, unless `settings` differ.
 * @throws as `addressService` and `virtualService`.
 */
export function realServer(address: string, port: number, settings: ServerSettings = {}): RealServer {
  checkServerSettings(settings);
  return {
    ...endpoint(address, port),
    forwarding: forwardingMethods.gatewaying,
    weight: defaults.weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: tunnelTypes.ipip, port: 0, flags: tunnelFlags.noChecksum },
    ...settings,
  };
}

function endpoint(text: string, port: number): ServerKey {
  const address = typeof text === 'string' ? parseAddress(text) : undefined;
  if (!address) throw new TypeError(`${text}: not an IPv4 or IPv6 address`);
  if (!Number.isInteger(port) || !isWithin(port, limits.port)) {
    throw new RangeError(`${port}: a port must be an integer from ${limits.port.min} to ${limits.port.max}`);
  }
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port };
}
