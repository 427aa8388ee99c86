/** IP_VS_STATE_*: whether a sync daemon sends connections (master) or receives them (backup). */
export const daemonStates = { master: 1, backup: 2 } as const;

/**
 * A connection sync daemon that is running or to be started. What is absent is left to the kernel:
 * `defaults`.
 */
export interface SyncDaemon {
  /** `daemonStates`. */
  readonly state: number;
  /** Multicast interface. */
  readonly interface: string;
  /** Only daemons with the same sync ID accept each other's messages. */
  readonly syncId: number;
  /** Longest datagram in bytes. */
  readonly maxLength?: number | undefined;
  /** Multicast group, 4 or 16 bytes in network order. */
  readonly group?: Uint8Array | undefined;
  /** UDP port, host order. */
  readonly port?: number | undefined;
  /** Time to live of the datagrams. */
  readonly ttl?: number | undefined;
}
