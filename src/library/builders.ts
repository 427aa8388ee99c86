/**
 * Functions for library users that create keys, services and real servers; everything has the usual
 * default.
 */
import { AF_INET, AF_INET6, type Family, parseAddress } from '../model/address';
import {
  forwardingMethods,
  type RealServer,
  type ServerKey,
  tunnelFlags,
  tunnelTypes,
} from '../model/real-server';
import {
  type AddressKey,
  type FwmarkKey,
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../model/virtual-service';

/**
 * The key of a virtual service with an address.
 * @param address IPv4 or IPv6, in text, without brackets.
 * @param port in host order; 0 (all ports) requires a persistent service.
 * @throws TypeError for an invalid address; RangeError for an invalid port.
 */
export function addressService(protocol: keyof typeof protocols, address: string, port: number): AddressKey {
  return { kind: 'address', protocol: protocols[protocol], ...endpoint(address, port) };
}

/**
 * The key of a virtual service with a firewall mark, 1..4294967295.
 * @throws RangeError for an invalid mark.
 */
export function fwmarkService(fwmark: number, family: Family = AF_INET): FwmarkKey {
  if (!Number.isInteger(fwmark) || fwmark < 1 || fwmark > 0xffffffff) {
    throw new RangeError(`${fwmark}: a firewall mark must be an integer from 1 to 4294967295`);
  }
  return { kind: 'fwmark', fwmark, family };
}

/**
 * A virtual service: scheduler wlc, not persistent, unless `settings` differ. A timeout makes it
 * persistent.
 */
export function virtualService(
  key: ServiceKey,
  settings: Partial<Omit<VirtualService, 'key'>> = {},
): VirtualService {
  return {
    key,
    scheduler: 'wlc',
    flags: settings.timeout ? serviceFlags.persistent : 0,
    timeout: 0,
    netmask: hostNetmask(key.family),
    persistenceEngine: '',
    ...settings,
  };
}

/**
 * A real server: weight 1, gatewaying, no thresholds, unless `settings` differ.
 * @throws as `addressService`.
 */
export function realServer(
  address: string,
  port: number,
  settings: Partial<Omit<RealServer, keyof ServerKey>> = {},
): RealServer {
  return {
    ...endpoint(address, port),
    forwarding: forwardingMethods.gatewaying,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: tunnelTypes.ipip, port: 0, flags: tunnelFlags.noChecksum },
    ...settings,
  };
}

function endpoint(text: string, port: number): ServerKey {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`${text}: not an IPv4 or IPv6 address`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`${port}: a port must be an integer from 0 to 65535`);
  }
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port };
}
