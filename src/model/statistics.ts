/** Totals and rates of a virtual service or a real server; rates are per second. */
export interface Statistics {
  readonly connections: bigint;
  readonly inPackets: bigint;
  readonly outPackets: bigint;
  readonly inBytes: bigint;
  readonly outBytes: bigint;
  readonly connectionRate: bigint;
  readonly inPacketRate: bigint;
  readonly outPacketRate: bigint;
  readonly inByteRate: bigint;
  readonly outByteRate: bigint;
}

/** Stands in for statistics that the kernel did not send. */
export const noStatistics: Statistics = {
  connections: 0n,
  inPackets: 0n,
  outPackets: 0n,
  inBytes: 0n,
  outBytes: 0n,
  connectionRate: 0n,
  inPacketRate: 0n,
  outPacketRate: 0n,
  inByteRate: 0n,
  outByteRate: 0n,
};
