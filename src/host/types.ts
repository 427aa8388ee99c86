/** What this machine's network holds, as rtnetlink tells it. Addresses are bytes in network order. */
import type { Family } from '../model/address';

export interface Link {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  /** Whether the cable is in. */
  readonly carrier: boolean;
  readonly loopback: boolean;
  /** Whether neighbours ask for its addresses by ARP. */
  readonly arp: boolean;
  readonly mtu: number;
  /** The MAC address: 6 bytes; of tunnels the local address. */
  readonly address: Uint8Array | undefined;
  /** 'veth', 'ipip' ...; undefined: a device of hardware, or the loopback. */
  readonly kind: string | undefined;
}

export interface HostAddress {
  /** The index of its link. */
  readonly link: number;
  readonly family: Family;
  readonly address: Uint8Array;
  readonly prefix: number;
  /** IPv6: duplicate address detection has not ended. */
  readonly tentative: boolean;
  /** IPv6: another machine has the address. */
  readonly duplicate: boolean;
}

/** A route of the main table, or the kernel's answer for one destination. */
export interface Route {
  readonly family: Family;
  /** Undefined: the default route. */
  readonly destination: Uint8Array | undefined;
  readonly prefix: number;
  readonly gateway: Uint8Array | undefined;
  /** The index of the link it leads out by. */
  readonly link: number | undefined;
  /** The address that packets of this machine get. */
  readonly source: Uint8Array | undefined;
  /** Whether the destination is this machine. */
  readonly local: boolean;
  readonly mtu: number | undefined;
  readonly advmss: number | undefined;
}

export type NeighbourState = 'reachable' | 'stale' | 'incomplete' | 'failed' | 'permanent';

export interface Neighbour {
  readonly link: number;
  readonly address: Uint8Array;
  readonly mac: Uint8Array | undefined;
  readonly state: NeighbourState;
}

/** A tunnel device that unpacks what a director sends. */
export interface Tunnel {
  readonly kind: 'ipip' | 'ip6tnl' | 'sit' | 'gre' | 'ip6gre';
  readonly name: string;
  readonly local: Uint8Array;
  /** Undefined: packets of any sender. */
  readonly remote?: Uint8Array | undefined;
  /** GRE: whether packets have to have a checksum. */
  readonly checksum?: boolean | undefined;
}
