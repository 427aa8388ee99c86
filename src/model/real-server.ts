import type { Family } from './address';
import type { Statistics } from './statistics';

/** IP_VS_CONN_F_FWD_MASK and its values (uapi/linux/ip_vs.h): how packets reach a real server. */
export const forwardingMethods = { masquerading: 0, local: 1, tunneling: 2, gatewaying: 3 } as const;
/** The bits of `forwarding` that hold one of `forwardingMethods`. */
export const FORWARDING_MASK = 0x7;

/** IP_VS_CONN_F_TUNNEL_TYPE_*: the encapsulation of tunneled packets. */
export const tunnelTypes = { ipip: 0, gue: 1, gre: 2 } as const;

/** IP_VS_TUNNEL_ENCAP_FLAG_*: outer checksums of gue and gre tunnels. */
export const tunnelFlags = { noChecksum: 0, checksum: 1, remoteChecksum: 2 } as const;

/** Identifies a real server among those of its virtual service. */
export interface ServerKey {
  readonly family: Family;
  /** 4 or 16 bytes in network order, as `family` says. */
  readonly address: Uint8Array;
  /** Host order. */
  readonly port: number;
}

/** How packets to a real server are encapsulated. */
export interface Tunnel {
  /** `tunnelTypes`; the kernel stores other values unchanged. */
  readonly type: number;
  /** UDP port of a gue tunnel, host order. */
  readonly port: number;
  /** `tunnelFlags`. */
  readonly flags: number;
}

/** A real server (a "destination" in netlink) as it is added, edited and listed. */
export interface RealServer extends ServerKey {
  /** One of `forwardingMethods`, in the bits of FORWARDING_MASK. */
  readonly forwarding: number;
  /** Capacity relative to other real servers; 0: no new connections. */
  readonly weight: number;
  /** Number of connections above which the server gets no new ones; 0: no limit. */
  readonly upperThreshold: number;
  /**
   * Number of connections below which it gets new ones again; 0: three quarters of the upper
   * threshold.
   */
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel;
}

/**
 * A real server as the kernel lists it, with its connection counts and the statistics if the kernel
 * sent them.
 */
export interface ListedServer extends RealServer {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  readonly statistics?: Statistics | undefined;
}
