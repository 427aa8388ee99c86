/**
 * The attribute tables of the IPVS generic netlink family: IPVS_*_ATTR_* in the kernel's
 * uapi/linux/ip_vs.h. To support a new attribute, add its line here and its conversion in
 * `convert.ts`.
 */
import {
  bytes,
  type Codec,
  flagsAndMask,
  nested,
  s32,
  text,
  u8,
  u16,
  u16be,
  u32,
  u32counter,
  u64,
} from '../netlink/attribute';

/**
 * IPVS_STATS_ATTR_*: byte totals always have 64 bits, the rest has `counter`'s width. Rates are per
 * second.
 */
function statsAttributes(counter: Codec<bigint>) {
  return {
    connections: [1, counter],
    inPackets: [2, counter],
    outPackets: [3, counter],
    inBytes: [4, u64],
    outBytes: [5, u64],
    connectionRate: [6, counter],
    inPacketRate: [7, counter],
    outPacketRate: [8, counter],
    inByteRate: [9, counter],
    outByteRate: [10, counter],
  } as const;
}

const stats32Attributes = statsAttributes(u32counter);
export const stats64Attributes = statsAttributes(u64);

/** IPVS_SVC_ATTR_*: one virtual service. */
export const serviceAttributes = {
  family: [1, u16],
  protocol: [2, u16],
  address: [3, bytes], // `family` determines how many bytes are used: convert.ts
  port: [4, u16be],
  fwmark: [5, u32],
  scheduler: [6, text],
  flags: [7, flagsAndMask],
  timeout: [8, u32],
  netmask: [9, bytes], // IPv4: network order, IPv6: host order: convert.ts
  stats: [10, nested(stats32Attributes)],
  persistenceEngine: [11, text],
  stats64: [12, nested(stats64Attributes)],
} as const;

/**
 * A virtual service without its counters, which are most of its message, for output that omits
 * them.
 */
const { stats: _stats, stats64: _stats64, ...bareServiceAttributes } = serviceAttributes;

/** IPVS_DEST_ATTR_*: one real server. */
export const destinationAttributes = {
  address: [1, bytes],
  port: [2, u16be],
  forwarding: [3, u32],
  weight: [4, s32],
  upperThreshold: [5, u32],
  lowerThreshold: [6, u32],
  activeConnections: [7, u32],
  inactiveConnections: [8, u32],
  persistentConnections: [9, u32],
  stats: [10, nested(stats32Attributes)],
  family: [11, u16],
  stats64: [12, nested(stats64Attributes)],
  tunnelType: [13, u8],
  tunnelPort: [14, u16be],
  tunnelFlags: [15, u16],
} as const;

/** A real server without its counters. */
const { stats: _stats32, stats64: _statistics64, ...bareDestination } = destinationAttributes;
export const bareDestinationAttributes = bareDestination;

/** IPVS_DAEMON_ATTR_*: one sync daemon. */
export const daemonAttributes = {
  state: [1, u32],
  interface: [2, text],
  syncId: [3, u32],
  maxLength: [4, u16],
  group: [5, bytes], // IPv4, network order
  group6: [6, bytes],
  port: [7, u16],
  ttl: [8, u8],
} as const;

/** IPVS_CMD_ATTR_*: the top level of every message except the reply to GET_INFO. */
export const commandAttributes = {
  service: [1, nested(serviceAttributes)],
  destination: [2, nested(destinationAttributes)],
  daemon: [3, nested(daemonAttributes)],
  timeoutTcp: [4, u32],
  timeoutTcpFin: [5, u32],
  timeoutUdp: [6, u32],
} as const;

/** Replies of which only the service is decoded, without its counters. */
export const bareServiceCommandAttributes = { service: [1, nested(bareServiceAttributes)] } as const;

/**
 * Replies whose nested attributes the caller decodes, to get those that the tables do not list too.
 */
export const rawCommandAttributes = {
  service: [1, bytes],
  destination: [2, bytes],
  daemon: [3, bytes],
} as const;

/** IPVS_INFO_ATTR_*: the reply to GET_INFO. */
export const infoAttributes = {
  version: [1, u32],
  connectionTableSize: [2, u32],
} as const;
