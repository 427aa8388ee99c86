/** What a program that uses the library says only when it is not the usual: keys and records from as little as needed. */
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
 * The key of a virtual service known by its address.
 * @param address IPv4 or IPv6, in text, without brackets.
 * @param port in host order; 0 for every port, which the kernel takes for persistent services only.
 * @throws TypeError when `address` is none; RangeError for the port.
 */
export function addressService(protocol: keyof typeof protocols, address: string, port: number): AddressKey {
  return { kind: 'address', protocol: protocols[protocol], ...endpoint(address, port) };
}

/**
 * The key of a virtual service known by a firewall mark, 1..4294967295.
 * @throws RangeError for another mark.
 */
export function fwmarkService(fwmark: number, family: Family = AF_INET): FwmarkKey {
  if (!Number.isInteger(fwmark) || fwmark < 1 || fwmark > 0xffffffff) {
    throw new RangeError(`a firewall mark is 1..4294967295, not ${fwmark}`);
  }
  return { kind: 'fwmark', fwmark, family };
}

/** A virtual service: scheduler wlc and no persistence, unless `settings` say otherwise; a timeout makes it persistent. */
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
 * A real server: weight 1, gatewaying and no thresholds, unless `settings` say otherwise.
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
  if (!address) throw new TypeError(`'${text}' is no IPv4 or IPv6 address`);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new RangeError(`a port is 0..65535, not ${port}`);
  }
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port };
}
