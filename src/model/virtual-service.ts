import { AF_INET, type Family } from './address';
import { limits, U32_MAX } from './limits';
import type { Statistics } from './statistics';

/** The IP protocol numbers (RFC 790 and its successors) that IPVS balances. */
export const protocols = { tcp: 6, udp: 17, sctp: 132 } as const;

/** Identifies a virtual service by protocol, address and port (host order). */
export interface AddressKey {
  readonly kind: 'address';
  readonly protocol: number;
  readonly family: Family;
  /** 4 or 16 bytes in network order, as `family` says. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** Identifies a virtual service by a firewall mark and an address family. */
export interface FwmarkKey {
  readonly kind: 'fwmark';
  readonly fwmark: number;
  readonly family: Family;
}

/** Identifies a virtual service of a table. */
export type ServiceKey = AddressKey | FwmarkKey;

/** IP_VS_SVC_F_* of the kernel's uapi/linux/ip_vs.h. */
export const serviceFlags = {
  persistent: 0x01,
  /** Set by the kernel in every reply: the service is in its table. */
  hashed: 0x02,
  onePacket: 0x04,
  scheduler1: 0x08,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** Stands in for a persistence timeout that is not known; the kernel has none below 0. */
export const UNKNOWN_TIMEOUT = -1;

/** A virtual service as it is added, edited and listed. */
export interface VirtualService {
  readonly key: ServiceKey;
  /** Scheduler name. */
  readonly scheduler: string;
  /** The bitwise or of `serviceFlags`. */
  readonly flags: number;
  /** Persistence timeout in seconds; 0 if not persistent. */
  readonly timeout: number;
  /**
   * Persistence netmask. IPv4: the mask as an unsigned number in host order; IPv6: the prefix
   * length.
   */
  readonly netmask: number;
  /** Persistence engine; '' if there is none. */
  readonly persistenceEngine: string;
}

/** A virtual service as the kernel lists it, with its statistics if the kernel sent them. */
export interface ListedService extends VirtualService {
  readonly statistics?: Statistics | undefined;
}

/** The netmask under which every client address persists by itself. */
export function hostNetmask(family: Family): number {
  return family === AF_INET ? U32_MAX : limits.prefixLength.max;
}
