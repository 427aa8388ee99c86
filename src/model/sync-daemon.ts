/** IP_VS_STATE_*: which side of connection synchronisation a sync daemon is. */
export const daemonStates = { master: 1, backup: 2 } as const;

/** A connection sync daemon, to be started or running. */
export interface SyncDaemon {
  /** `daemonStates`. */
  readonly state: number;
  /** Multicast interface, at most 15 bytes. */
  readonly interface: string;
  /** Group of daemons that listen to each other, 0..255. */
  readonly syncId: number;
  /** Longest datagram in bytes; absent: the kernel's default. */
  readonly maxLength?: number | undefined;
  /** Multicast group, 4 or 16 bytes in network order; absent: 224.0.0.81. */
  readonly group?: Uint8Array | undefined;
  /** UDP port, host order; absent: 8848. */
  readonly port?: number | undefined;
  /** Time to live of the datagrams; absent: 1. */
  readonly ttl?: number | undefined;
}
