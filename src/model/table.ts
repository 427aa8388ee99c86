/** What the kernel says of its table as a whole. */
export interface IpvsInfo {
  /** Version word: major in bits 16-23, minor in 8-15, patch in 0-7. */
  readonly version: number;
  /** Rows of the connection table. */
  readonly connectionTableSize: number;
}

/** Connection timeouts in seconds; on a change 0 keeps the present value. */
export interface Timeouts {
  readonly tcp: number;
  readonly tcpFin: number;
  readonly udp: number;
}
