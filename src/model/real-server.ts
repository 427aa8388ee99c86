import type { Family } from './address';
import type { Statistics } from './statistics';

/** IP_VS_CONN_F_FWD_MASK and its values (uapi/linux/ip_vs.h): how packets reach a real server. */
export const forwardingMethods = { masquerading: 0, local: 1, tunneling: 2, gatewaying: 3 } as const;
export const FORWARDING_MASK = 0x7;

/** IP_VS_CONN_F_TUNNEL_TYPE_*: the encapsulation of tunneled packets. */
export const tunnelTypes = { ipip: 0, gue: 1, gre: 2 } as const;

/** IP_VS_TUNNEL_ENCAP_FLAG_*: outer checksums of gue and gre tunnels. */
export const tunnelFlags = { noChecksum: 0, checksum: 1, remoteChecksum: 2 } as const;

/** What tells one real server of a virtual service from the others. */
export interface ServerKey {
  readonly family: Family;
  /** 4 or 16 bytes in network order, as `family` says. */
  readonly address: Uint8Array;
  /** Host order. */
  readonly port: number;
}

export interface Tunnel {
  /** `tunnelTypes`; other values are stored by the kernel as they are. */
  readonly type: number;
  /** UDP port of a gue tunnel, host order. */
  readonly port: number;
  /** `tunnelFlags`. */
  readonly flags: number;
}

/** A real server (the wire's "destination") as it is added, edited and listed. */
export interface RealServer extends ServerKey {
  /** `forwardingMethods`; only the low three bits say the method. */
  readonly forwarding: number;
  /** 0 (no new connections) .. 2^31-1. */
  readonly weight: number;
  /** Connections above which the server gets no new ones; 0: no limit. */
  readonly upperThreshold: number;
  /** Connections below which it gets new ones again; 0: three quarters of the upper one. */
  readonly lowerThreshold: number;
  readonly tunnel: Tunnel;
}

/** A real server of the kernel's table, with its connections and, where the kernel sent them, statistics. */
export interface ListedServer extends RealServer {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  readonly statistics?: Statistics | undefined;
}
