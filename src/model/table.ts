/** What the kernel reports about IPVS itself. */
export interface IpvsInfo {
  /** Version word: major in bits 16-23, minor in 8-15, patch in 0-7. */
  readonly version: number;
  /** Number of rows of the connection hash table. */
  readonly connectionTableSize: number;
}

/** Connection timeouts in seconds; in a change, 0 keeps the present value. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}
