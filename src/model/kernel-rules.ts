/**
 * What the kernel accepts, as pure predicates on the model. The check of files, the explanation of
 * refusals and the commands all use these. Source: net/netfilter/ipvs/ip_vs_ctl.c, tried on Linux
 * 6.1 and 7.2. The rules at the end are ipvsadm's own: the kernel accepts what they forbid.
 */
import { AF_INET6, addressWord, type Family } from './address';
import { isWithin, limits } from './limits';
import { FORWARDING_MASK, forwardingMethods, type RealServer, type Tunnel, tunnelTypes } from './real-server';
import { protocols, type ServiceKey, serviceFlags, type VirtualService } from './virtual-service';

/**
 * How the kernel judges the address of a real server that is added:
 *
 * - `accepted`, on every machine;
 * - `refused`, on every machine;
 * - `unless-broadcast`: accepted unless a route makes it a broadcast address. Without a local
 *   routing table, so before the loopback interface is up, all IPv4 addresses count as broadcast;
 * - `if-local`: refused unless the address is one of the machine's own.
 */
export type AddressVerdict = 'accepted' | 'refused' | 'unless-broadcast' | 'if-local';

/**
 * Judges the address of a real server as ip_vs_new_dest does (inet_addr_type, ipv6_addr_type). The
 * address alone settles only `accepted` and `refused`; the other two depend on the routes and
 * addresses of the network namespace. The kernel does not judge the address again when the real
 * server is edited.
 */
export function addressVerdict(address: Uint8Array): AddressVerdict {
  if (isMulticast(address)) return 'refused';
  if (address.length === 4) {
    const word = addressWord(address, 0);
    return word === 0 || word === 0xffffffff ? 'refused' : 'unless-broadcast';
  }
  if (address.every((byte) => byte === 0)) return 'refused';
  if (isIpv4Mapped(address)) return 'refused';
  return isLinkLocal(address) ? 'if-local' : 'accepted';
}

/** Whether an address is in 224.0.0.0/4 or ff00::/8, which the group of a sync daemon has to be. */
export function isMulticast(address: Uint8Array): boolean {
  return address.length === 4 ? address[0]! >> 4 === 0xe : address[0] === 0xff;
}

/** Whether an address is in fe80::/10. */
function isLinkLocal(address: Uint8Array): boolean {
  return address.length === 16 && address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
}

/** Whether an IPv6 address is in ::ffff:0:0/96. */
function isIpv4Mapped(address: Uint8Array): boolean {
  return address.every((byte, index) => index >= 12 || byte === (index < 10 ? 0 : 255));
}

type Forwarding = Pick<RealServer, 'forwarding'>;

/**
 * Whether a real server is of another address family than its service. Such real servers and sync
 * daemons exclude each other: the kernel refuses whichever comes second with EINVAL.
 */
export function isMixedFamily(
  key: { readonly family: Family },
  server: { readonly family: Family },
): boolean {
  return key.family !== server.family;
}

/**
 * Whether the family of a real server is acceptable: only tunneling crosses families. Else EINVAL.
 */
export function familyAccepted(
  key: { readonly family: Family },
  server: Forwarding & { readonly family: Family },
): boolean {
  return !isMixedFamily(key, server) || isTunneling(server);
}

/** Whether the thresholds are in order. Else ERANGE. */
export function thresholdsInOrder({
  lowerThreshold,
  upperThreshold,
}: Pick<RealServer, 'lowerThreshold' | 'upperThreshold'>): boolean {
  return lowerThreshold <= upperThreshold;
}

/** Whether the upper threshold is one that the kernel can hold. Else EINVAL. */
export function upperThresholdAccepted({ upperThreshold }: Pick<RealServer, 'upperThreshold'>): boolean {
  return isWithin(upperThreshold, limits.threshold);
}

/** Whether the weight, a signed number, is acceptable. Else ERANGE. */
export function weightAccepted({ weight }: Pick<RealServer, 'weight'>): boolean {
  return isWithin(weight, limits.weight);
}

/**
 * Whether the tunnel has the port that its type requires, whatever the forwarding method. Else
 * EINVAL.
 */
export function tunnelAccepted({ type, port }: Pick<Tunnel, 'type' | 'port'>): boolean {
  return type !== tunnelTypes.gue || port !== 0;
}

/**
 * Whether the persistence netmask is acceptable: of an IPv6 service it is a prefix length. Else
 * EINVAL.
 */
export function netmaskAccepted({ key, netmask }: Pick<VirtualService, 'key' | 'netmask'>): boolean {
  return key.family !== AF_INET6 || isWithin(netmask, limits.prefixLength);
}

/** Whether packets are tunneled to a real server. */
export function isTunneling({ forwarding }: Forwarding): boolean {
  return (forwarding & FORWARDING_MASK) === forwardingMethods.tunneling;
}

/**
 * Whether packets keep the service's port on their way to the real server, so that a port of its
 * own has no effect. Only masquerading changes ports; a service with a firewall mark has none.
 */
export function keepsServicePort(key: ServiceKey, { forwarding }: Forwarding): boolean {
  return key.kind === 'address' && (forwarding & FORWARDING_MASK) !== forwardingMethods.masquerading;
}

/** Whether the port of a real server is the one that packets reach. */
export function portReached(key: ServiceKey, server: Forwarding & Pick<RealServer, 'port'>): boolean {
  return key.kind !== 'address' || !keepsServicePort(key, server) || server.port === key.port;
}

/**
 * Whether the service has a port or needs none: port 0 (all ports) requires persistence. A rule of
 * ipvsadm's.
 */
export function servicePortAllowed({ key, flags }: Pick<VirtualService, 'key' | 'flags'>): boolean {
  return key.kind === 'fwmark' || key.port !== 0 || (flags & serviceFlags.persistent) !== 0;
}

/**
 * Whether one-packet scheduling is off, or allowed: for UDP and firewall marks. A rule of
 * ipvsadm's.
 */
export function onePacketAllowed({ key, flags }: Pick<VirtualService, 'key' | 'flags'>): boolean {
  return (flags & serviceFlags.onePacket) === 0 || key.kind === 'fwmark' || key.protocol === protocols.udp;
}
