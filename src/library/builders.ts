/** What a program that uses the library says only when it is not the usual: keys and records from as little as needed. */
import { AF_INET, AF_INET6, type Family, parseAddress } from '../model/address';
import { defaults, formatRange, isWithin, limits } from '../model/limits';
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
  if (!Number.isInteger(fwmark) || !isWithin(fwmark, limits.fwmark)) {
    throw new RangeError(`a firewall mark is ${formatRange(limits.fwmark)}, not ${fwmark}`);
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
    scheduler: DEFAULT_SCHEDULER,
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
    weight: defaults.weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: tunnelTypes.ipip, port: 0, flags: tunnelFlags.noChecksum },
    ...settings,
  };
}

function endpoint(text: string, port: number): ServerKey {
  const address = parseAddress(text);
  if (!address) throw new TypeError(`'${text}' is no IPv4 or IPv6 address`);
  if (!Number.isInteger(port) || !isWithin(port, limits.port)) {
    throw new RangeError(`a port is ${formatRange(limits.port)}, not ${port}`);
  }
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port };
}
