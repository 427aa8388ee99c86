/**
 * Ranges, lengths and defaults of the values that IPVS takes, each stated here only. Sources:
 * include/uapi/linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c and ip_vs_sync.c of the kernel, and
 * ipvsadm.c of ipvsadm 1.31 where the program is stricter than the kernel.
 */

/** Both ends are included. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The largest values of the integer types that netlink attributes have. */
export const U8_MAX = 0xff;
export const U16_MAX = 0xffff;
export const U32_MAX = 0xffffffff;
export const S32_MAX = 0x7fffffff;

/**
 * Bytes of the IPv4 and UDP headers in front of a sync datagram, and of the IPv6 and UDP headers.
 */
const IPV4_UDP_HEADERS = 28;
const IPV6_UDP_HEADERS = 48;

/** Seconds that `-p` and `--set` take: 31 days (ipvsadm.c, MAX_TIMEOUT). */
export const MAX_TIMEOUT = 31 * 86400;

export const limits = {
  /** Port of a virtual service or real server; 0 means all ports (TCP, UDP, SCTP: 16 bits). */
  port: { min: 0, max: U16_MAX },
  /** A port that packets are sent to: of a gue tunnel, of the multicast group (ipvsadm.c). */
  destinationPort: { min: 1, max: U16_MAX },
  /** IPVS_SVC_ATTR_FWMARK; the kernel takes mark 0 for a service without a mark. */
  fwmark: { min: 1, max: U32_MAX },
  /** Prefix length of the persistence netmask of an IPv6 service (ip_vs_add_service). */
  prefixLength: { min: 1, max: 128 },
  /**
   * Seconds of a connection timeout; 0 keeps the present one. The kernel takes up to INT_MAX / HZ, and
   * its HZ is 100 or more (ip_vs_set_timeout). `--set` takes fewer: MAX_TIMEOUT.
   */
  timeout: { min: 0, max: Math.floor(S32_MAX / 100) },
  /** Seconds that `-p` takes (ipvsadm.c). The attribute has 32 bits. */
  persistenceTimeout: { min: 1, max: MAX_TIMEOUT },
  /** IPVS_DEST_ATTR_WEIGHT: a signed number, of which the kernel refuses negative ones. */
  weight: { min: 0, max: S32_MAX },
  /** IPVS_DEST_ATTR_U_THRESH and L_THRESH. */
  threshold: { min: 0, max: S32_MAX },
  /** Sync ID that `--syncid` takes (ipvsadm.c); the attribute has 32 bits. */
  syncId: { min: 0, max: U8_MAX },
  /**
   * Bytes of a sync datagram that `--sync-maxlen` takes (ipvsadm.c). The kernel adjusts them:
   * `syncLength`.
   */
  syncMaxLength: { min: 1, max: U16_MAX - IPV4_UDP_HEADERS },
  /** IPVS_DAEMON_ATTR_MCAST_TTL. */
  multicastTtl: { min: 1, max: U8_MAX },
} as const satisfies Readonly<Record<string, Range>>;

/** The longest names in bytes; ipvsadm cuts longer ones. */
export const nameLengths = {
  /** IP_VS_SCHEDNAME_MAXLEN (16) with its NUL. */
  scheduler: 15,
  /** IP_VS_PENAME_MAXLEN; the netlink attribute has room for the NUL behind it. */
  persistenceEngine: 16,
  /** IP_VS_IFNAME_MAXLEN (16) with its NUL. */
  interface: 15,
  /** The complete text of `-b`. */
  schedulerFlags: 127,
} as const;

/**
 * What ipvsadm.c fills in for an option that is not given, and the kernel for an attribute that is
 * not sent.
 */
export const defaults = {
  /** Seconds of `-p` without a value. */
  persistenceTimeout: 360,
  weight: 1,
  syncId: 0,
  /** DEF_MCAST_IFN. */
  multicastInterface: 'eth0',
  /** IP_VS_SYNC_GROUP, in network order. */
  multicastGroup: Uint8Array.of(224, 0, 0, 81) as Readonly<Uint8Array>,
  /** IP_VS_SYNC_PORT. */
  multicastPort: 8848,
  /** ip_vs_sync.c, start_sync_thread. */
  multicastTtl: 1,
} as const;

/** Whether `value` lies in the range. */
export function isWithin(value: number, { min, max }: Range): boolean {
  return value >= min && value <= max;
}

/** The range as help and documentation write it: `1..255`. */
export function formatRange({ min, max }: Range): string {
  return `${min}..${max}`;
}

/**
 * The datagram length that the kernel makes of a requested one (ip_vs_sync.c, start_sync_thread),
 * in bytes.
 * @param groupLength bytes of the multicast group's address: 4 or 16.
 */
export function syncLength(requested: number, isBackup: boolean, groupLength: number): number {
  const headers = groupLength === 16 ? IPV6_UDP_HEADERS : IPV4_UDP_HEADERS;
  return Math.min(Math.max(requested, isBackup ? 1024 : 1), U16_MAX - headers);
}
