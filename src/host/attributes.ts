/**
 * The messages of rtnetlink(7) that this program uses: types, fixed headers and attributes. Numbers are
 * in host order unless said otherwise (kernel: uapi/linux/rtnetlink.h, if_link.h, if_addr.h,
 * neighbour.h, if_tunnel.h).
 */
import { type AttributeTable, bytes, nested, text, u8, u16be, u32 } from '../netlink/attribute';

/** The netlink protocol of rtnetlink. */
export const NETLINK_ROUTE = 0;

export const RTM = {
  NEWLINK: 16,
  DELLINK: 17,
  GETLINK: 18,
  NEWADDR: 20,
  DELADDR: 21,
  GETADDR: 22,
  NEWROUTE: 24,
  GETROUTE: 26,
  NEWNEIGH: 28,
  DELNEIGH: 29,
  GETNEIGH: 30,
} as const;

/** Flags of a link (net/if.h). */
export const IFF_UP = 0x1;
export const IFF_LOOPBACK = 0x8;
export const IFF_NOARP = 0x80;
export const IFF_LOWER_UP = 0x10000;

/** Flags of an address. */
export const IFA_F_NODAD = 0x02;
export const IFA_F_DADFAILED = 0x08;
export const IFA_F_TENTATIVE = 0x40;

/** A life without end. */
export const INFINITY_LIFE_TIME = 0xffffffff;

/** Types of a route: to another machine, to this machine. */
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;

/** States and flags of a neighbour entry. */
export const NUD = {
  INCOMPLETE: 0x01,
  REACHABLE: 0x02,
  STALE: 0x04,
  DELAY: 0x08,
  PROBE: 0x10,
  FAILED: 0x20,
  NOARP: 0x40,
  PERMANENT: 0x80,
} as const;
export const NTF_USE = 0x01;

/** GRE_CSUM, as the attribute's number in network order. */
export const GRE_CSUM = 0x8000;

/** Of ipip, ip6tnl and sit. */
const ipTunnel = {
  local: [2, bytes],
  remote: [3, bytes],
  protocol: [9, u8],
} as const satisfies AttributeTable;

const greTunnel = {
  inFlags: [2, u16be],
  local: [6, bytes],
  remote: [7, bytes],
} as const satisfies AttributeTable;

/** What `data` holds depends on the kind of the link. */
export const tunnelTables = {
  ipip: ipTunnel,
  ip6tnl: ipTunnel,
  sit: ipTunnel,
  gre: greTunnel,
  ip6gre: greTunnel,
} as const;

export const linkAttributes = {
  address: [1, bytes],
  name: [3, text],
  mtu: [4, u32],
  link: [5, u32],
  master: [10, u32],
  info: [18, nested({ kind: [1, text], data: [2, bytes] })],
} as const satisfies AttributeTable;

export const addressAttributes = {
  address: [1, bytes],
  local: [2, bytes],
  /** struct ifa_cacheinfo: the preferred and the valid life in seconds, and two times. */
  lives: [6, bytes],
  flags: [8, u32],
} as const satisfies AttributeTable;

export const routeAttributes = {
  destination: [1, bytes],
  outInterface: [4, u32],
  gateway: [5, bytes],
  source: [7, bytes],
  metrics: [8, nested({ mtu: [2, u32], advmss: [8, u32] })],
  table: [15, u32],
} as const satisfies AttributeTable;

export const neighbourAttributes = {
  destination: [1, bytes],
  linkAddress: [2, bytes],
} as const satisfies AttributeTable;
