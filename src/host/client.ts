/** Links, addresses, routes and neighbours of this network namespace, through rtnetlink(7). */
import { AF_INET, AF_INET6, addressLength, type Family } from '../model/address';
import {
  type Attributes,
  type AttributeTable,
  decodeAttributes,
  encodeAttributes,
  HOST_IS_LITTLE_ENDIAN as host,
} from '../netlink/attribute';
import { NetlinkConnection } from '../netlink/connection';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REPLACE } from '../netlink/message';
import type { Transport } from '../netlink/transport';
import {
  addressAttributes,
  GRE_CSUM,
  IFA_F_DADFAILED,
  IFA_F_NODAD,
  IFA_F_TENTATIVE,
  IFF_LOOPBACK,
  IFF_LOWER_UP,
  IFF_NOARP,
  IFF_UP,
  linkAttributes,
  NTF_USE,
  NUD,
  neighbourAttributes,
  RTM,
  RTN_LOCAL,
  RTN_UNICAST,
  routeAttributes,
  tunnelTables,
} from './attributes';
import { addressHeader, linkHeader, lives, neighbourHeader, routeHeader } from './headers';
import type { HostAddress, Link, Neighbour, NeighbourState, Route, Tunnel } from './types';

const RT_TABLE_MAIN = 254;
const NO_ATTRIBUTES = new Uint8Array(0);

/** Every method throws NetlinkError with the errno if the kernel refuses, TransportError if it fails. */
export class HostClient {
  readonly #connection: NetlinkConnection;
  readonly #transport: Transport;

  /** @param transport a socket of NETLINK_ROUTE. */
  constructor(transport: Transport) {
    this.#transport = transport;
    this.#connection = new NetlinkConnection(transport);
  }

  close(): void {
    this.#transport.close();
  }

  links(): Link[] {
    return this.#dump(RTM.GETLINK, linkHeader(), linkAttributes, (header, values) => {
      const flags = header.getUint32(8, host);
      return {
        index: header.getInt32(4, host),
        name: values.name ?? '',
        up: (flags & IFF_UP) !== 0,
        carrier: (flags & IFF_LOWER_UP) !== 0,
        loopback: (flags & IFF_LOOPBACK) !== 0,
        arp: (flags & (IFF_NOARP | IFF_LOOPBACK)) === 0,
        mtu: values.mtu ?? 0,
        address: values.address,
        kind: values.info?.kind,
      };
    });
  }

  addresses(): HostAddress[] {
    return this.#dump(RTM.GETADDR, addressHeader(0, 0, 0), addressAttributes, (header, values) => {
      const address = values.local ?? values.address;
      const family = familyOf(header.getUint8(0));
      if (!address || !family) return undefined;
      const flags = values.flags ?? header.getUint8(2);
      return {
        link: header.getUint32(4, host),
        family,
        address,
        prefix: header.getUint8(1),
        tentative: (flags & IFA_F_TENTATIVE) !== 0,
        duplicate: (flags & IFA_F_DADFAILED) !== 0,
      };
    });
  }

  /** The unicast routes of the main table. */
  routes(): Route[] {
    return this.#dump(RTM.GETROUTE, routeHeader(0, 0), routeAttributes, (header, values) => {
      const table = values.table ?? header.getUint8(4);
      return table === RT_TABLE_MAIN && header.getUint8(7) === RTN_UNICAST
        ? routeOf(header, values)
        : undefined;
    });
  }

  /** How this machine reaches `address`. @throws NetlinkError ENETUNREACH, EHOSTUNREACH ... */
  routeTo(address: Uint8Array): Route {
    const attributes = encodeAttributes(routeAttributes, { destination: address });
    const header = routeHeader(familyOfAddress(address), address.length * 8);
    const reply = this.#connection.get({ type: RTM.GETROUTE, header, attributes });
    const values = decodeAttributes(routeAttributes, reply.subarray(header.length));
    return routeOf(viewOf(reply), values)!;
  }

  neighbours(): Neighbour[] {
    return this.#dump(
      RTM.GETNEIGH,
      neighbourHeader(0, 0, 0, 0),
      neighbourAttributes,
      (header, { destination, linkAddress }) => {
        if (!destination) return undefined;
        const state = neighbourState(header.getUint16(8, host));
        return { link: header.getInt32(4, host), address: destination, mac: linkAddress, state };
      },
    );
  }

  /**
   * Adds an address.
   * @param guest IPv6: without duplicate address detection, and deprecated, so that this machine never
   * chooses it as the source of its own packets.
   * @throws NetlinkError EEXIST if the link has it.
   */
  addAddress(link: number, address: Uint8Array, prefix: number, { guest = false } = {}): void {
    const family = familyOfAddress(address);
    const guest6 = guest && family === AF_INET6;
    this.#connection.change({
      type: RTM.NEWADDR,
      flags: NLM_F_CREATE | NLM_F_EXCL,
      header: addressHeader(family, prefix, link),
      attributes: encodeAttributes(addressAttributes, {
        local: address,
        address,
        lives: guest6 ? lives(0) : undefined,
        flags: guest6 ? IFA_F_NODAD : undefined,
      }),
    });
  }

  /**
   * Adds an address as a guest, or changes it if the link has it: the kernel takes it away after some
   * seconds unless this is called again.
   */
  lendAddress(link: number, address: Uint8Array, prefix: number, seconds: number): void {
    const family = familyOfAddress(address);
    const ipv6 = family === AF_INET6;
    this.#connection.change({
      type: RTM.NEWADDR,
      flags: NLM_F_CREATE | NLM_F_REPLACE,
      header: addressHeader(family, prefix, link),
      attributes: encodeAttributes(addressAttributes, {
        local: address,
        address,
        lives: lives(ipv6 ? 0 : seconds, seconds),
        flags: ipv6 ? IFA_F_NODAD : undefined,
      }),
    });
  }

  /** @throws NetlinkError EADDRNOTAVAIL if the link does not have it. */
  deleteAddress(link: number, address: Uint8Array, prefix: number): void {
    this.#connection.change({
      type: RTM.DELADDR,
      header: addressHeader(familyOfAddress(address), prefix, link),
      attributes: encodeAttributes(addressAttributes, { local: address, address }),
    });
  }

  /** Switches a link on or off. */
  setUp(link: number, up: boolean): void {
    this.#connection.change({
      type: RTM.NEWLINK,
      header: linkHeader(link, up ? IFF_UP : 0, IFF_UP),
      attributes: NO_ATTRIBUTES,
    });
  }

  /** Gives a link the MAC address that it has: with arp_notify=1 the kernel announces its addresses. */
  setLinkAddress(link: number, address: Uint8Array): void {
    this.#connection.change({
      type: RTM.NEWLINK,
      header: linkHeader(link),
      attributes: encodeAttributes(linkAttributes, { address }),
    });
  }

  /** Adds a tunnel device, which is down. @throws NetlinkError EEXIST; EOPNOTSUPP without the module. */
  addTunnel(tunnel: Tunnel): void {
    this.#connection.change({
      type: RTM.NEWLINK,
      flags: NLM_F_CREATE | NLM_F_EXCL,
      header: linkHeader(),
      attributes: encodeAttributes(linkAttributes, {
        name: tunnel.name,
        info: { kind: tunnel.kind, data: tunnelData(tunnel) },
      }),
    });
  }

  deleteLink(link: number): void {
    this.#connection.change({ type: RTM.DELLINK, header: linkHeader(link), attributes: NO_ATTRIBUTES });
  }

  /** Lets the kernel ask the link's neighbours who has `address`, even if this machine has it. */
  askNeighbour(link: number, address: Uint8Array): void {
    this.#connection.change({
      type: RTM.NEWNEIGH,
      flags: NLM_F_CREATE | NLM_F_REPLACE,
      header: neighbourHeader(familyOfAddress(address), link, 0, NTF_USE),
      attributes: encodeAttributes(neighbourAttributes, { destination: address }),
    });
  }

  forgetNeighbour(link: number, address: Uint8Array): void {
    this.#connection.change({
      type: RTM.DELNEIGH,
      header: neighbourHeader(familyOfAddress(address), link, 0, 0),
      attributes: encodeAttributes(neighbourAttributes, { destination: address }),
    });
  }

  /** @param read returns undefined for what the list leaves out. */
  #dump<T extends AttributeTable, R>(
    type: number,
    header: Uint8Array,
    table: T,
    read: (header: DataView, values: Attributes<T>) => R | undefined,
  ): R[] {
    let found: R[] = [];
    this.#connection.dump(
      { type, header, attributes: NO_ATTRIBUTES },
      (datagram, from, to) => {
        const entry = read(
          viewOf(datagram.subarray(from - header.length, from)),
          decodeAttributes(table, datagram.subarray(from, to)),
        );
        if (entry !== undefined) found.push(entry);
      },
      () => {
        found = [];
      },
    );
    return found;
  }
}

export function familyOfAddress(address: Uint8Array): Family {
  return address.length === addressLength(AF_INET) ? AF_INET : AF_INET6;
}

function familyOf(number: number): Family | undefined {
  return number === AF_INET || number === AF_INET6 ? number : undefined;
}

function routeOf(header: DataView, values: Attributes<typeof routeAttributes>): Route | undefined {
  const family = familyOf(header.getUint8(0));
  if (!family) return undefined;
  return {
    family,
    destination: values.destination,
    prefix: header.getUint8(1),
    gateway: values.gateway,
    link: values.outInterface,
    source: values.source,
    local: header.getUint8(7) === RTN_LOCAL,
    mtu: values.metrics?.mtu,
    advmss: values.metrics?.advmss,
  };
}

function neighbourState(state: number): NeighbourState {
  if (state & NUD.INCOMPLETE) return 'incomplete';
  if (state & NUD.FAILED) return 'failed';
  if (state & (NUD.PERMANENT | NUD.NOARP)) return 'permanent';
  return state & NUD.REACHABLE ? 'reachable' : 'stale';
}

function tunnelData({ kind, local, remote, checksum }: Tunnel): Uint8Array {
  if (kind === 'gre' || kind === 'ip6gre') {
    return encodeAttributes(tunnelTables[kind], { local, remote, inFlags: checksum ? GRE_CSUM : undefined });
  }
  // Protocol 0: an ip6tnl device unpacks IPv4 and IPv6.
  return encodeAttributes(tunnelTables[kind], { local, remote, protocol: kind === 'ip6tnl' ? 0 : undefined });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
