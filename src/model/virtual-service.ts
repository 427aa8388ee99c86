import type { Family } from './address';
import type { Statistics } from './statistics';

/** IP protocol numbers (RFC 790 and successors) that IPVS balances. */
export const protocols = { tcp: 6, udp: 17, sctp: 132 } as const;

/** A virtual service known by protocol, address and port (host order). */
export interface AddressKey {
  readonly kind: 'address';
  readonly protocol: number;
  readonly family: Family;
  /** 4 or 16 bytes in network order, as `family` says. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** A virtual service known by a firewall mark (1..2^32-1) and an address family. */
export interface FwmarkKey {
  readonly kind: 'fwmark';
  readonly fwmark: number;
  readonly family: Family;
}

/** What tells one virtual service of a table from the others. */
export type ServiceKey = AddressKey | FwmarkKey;

/** IP_VS_SVC_F_* of the kernel's uapi/linux/ip_vs.h. */
export const serviceFlags = {
  persistent: 0x01,
  /** The kernel's own mark for "in the table": set in every reply. */
  hashed: 0x02,
  onePacket: 0x04,
  scheduler1: 0x08,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;

/** A virtual service as it is added, edited and listed. */
export interface VirtualService {
  readonly key: ServiceKey;
  /** Scheduler name, at most 15 bytes. */
  readonly scheduler: string;
  /** `serviceFlags`, ored. */
  readonly flags: number;
  /** Persistence timeout in seconds; 0 when not persistent. */
  readonly timeout: number;
  /** Persistence netmask. IPv4: the mask as an unsigned number in host order; IPv6: prefix length 1..128. */
  readonly netmask: number;
  /** Persistence engine, at most 16 bytes; '' when there is none. */
  readonly persistenceEngine: string;
}

/** A virtual service of the kernel's table, with its statistics where the kernel sent them. */
export interface ListedService extends VirtualService {
  readonly statistics?: Statistics | undefined;
}

/** The netmask that makes every client address a group of its own. */
export function hostNetmask(family: Family): number {
  return family === 2 ? 0xffffffff : 128;
}
