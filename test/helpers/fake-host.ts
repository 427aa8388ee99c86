/** A kernel with links, addresses and routes, behind Transport, so that tests use the real codecs of rtnetlink. */
import { errno } from '../../src/errors/errno';
import {
  addressAttributes,
  IFF_LOOPBACK,
  IFF_UP,
  linkAttributes,
  RTM,
  RTN_UNICAST,
  routeAttributes,
  tunnelTables,
} from '../../src/host/attributes';
import { formatAddress, parseAddress } from '../../src/model/address';
import { type Attributes, decodeAttributes, encodeAttributes } from '../../src/netlink/attribute';
import { TransportError } from '../../src/netlink/errors';
import {
  decodeMessages,
  encodeMessage,
  type Message,
  NLM_F_DUMP,
  NLMSG_DONE,
  NLMSG_ERROR,
} from '../../src/netlink/message';
import type { Transport } from '../../src/netlink/transport';
import { control } from '../../src/testing/messages';

export interface FakeLink {
  readonly index: number;
  readonly name: string;
  flags: number;
  address?: Uint8Array;
  readonly kind?: string;
}

export interface FakeAddress {
  readonly link: number;
  readonly address: string;
  readonly prefix: number;
}

export interface FakeRoute {
  readonly link: number;
  /** Undefined: the default route. */
  readonly destination?: string;
  readonly prefix: number;
  readonly gateway?: string;
}

const ENODEV = 19;
const EADDRNOTAVAIL = 99;
const MAIN_TABLE = 254;
const HEADERS: Readonly<Record<number, number>> = { 16: 16, 17: 16, 18: 16, 20: 8, 21: 8, 22: 8, 26: 12 };

export class FakeHost {
  links: FakeLink[] = [
    { index: 1, name: 'lo', flags: IFF_UP | IFF_LOOPBACK, address: new Uint8Array(6) },
    { index: 2, name: 'eth0', flags: IFF_UP, address: Uint8Array.of(2, 0, 0, 0, 0, 1) },
  ];
  addresses: FakeAddress[] = [{ link: 2, address: '10.0.0.17', prefix: 24 }];
  routes: FakeRoute[] = [
    { link: 2, destination: '10.0.0.0', prefix: 24 },
    { link: 2, prefix: 0, gateway: '10.0.0.1' },
  ];
  /** The types of the changes so far. */
  readonly changes: number[] = [];
  /** Called before each change: returns an errno to refuse it, or 0. */
  refuse: ((type: number) => number) | undefined;

  /** What is there, as one value. */
  get state(): unknown {
    return structuredClone({
      links: this.links.map(({ name, flags, kind }) => ({ name, flags, kind })),
      addresses: [...this.addresses].sort((a, b) => (a.address < b.address ? -1 : 1)),
    });
  }

  open(): Transport {
    const queue: Uint8Array[] = [];
    return {
      send: (datagram) => {
        queue.push(...decodeMessages(datagram.slice()).flatMap((message) => this.#answer(message)));
      },
      receive: () => {
        const datagram = queue.shift();
        if (!datagram) throw new TransportError('nothing to receive', errno.EAGAIN);
        return datagram;
      },
      close: () => {},
    };
  }

  #answer(message: Message): Uint8Array[] {
    if ((message.flags & NLM_F_DUMP) === NLM_F_DUMP && message.type % 4 === 2) {
      return [...this.#dump(message), control(message, NLMSG_DONE, 0)];
    }
    const refused = this.refuse?.(message.type) ?? 0;
    if (refused === 0) this.changes.push(message.type);
    return [control(message, NLMSG_ERROR, refused || this.#change(message))];
  }

  #dump(message: Message): Uint8Array[] {
    const reply = (type: number, header: Uint8Array, attributes: Uint8Array) =>
      encodeMessage({ type, header, attributes }, 2, message.sequence);
    switch (message.type) {
      case RTM.GETLINK:
        return this.links.map(({ index, name, flags, address, kind }) => {
          const header = Buffer.alloc(16);
          header.writeInt32LE(index, 4);
          header.writeUInt32LE(flags, 8);
          const info = kind === undefined ? undefined : { kind };
          return reply(
            RTM.NEWLINK,
            header,
            encodeAttributes(linkAttributes, { address, name, mtu: 1500, info }),
          );
        });
      case RTM.GETADDR:
        return this.addresses.map(({ link, address, prefix }) => {
          const bytes = parseAddress(address)!;
          const header = Buffer.alloc(8);
          header[0] = bytes.length === 4 ? 2 : 10;
          header[1] = prefix;
          header.writeUInt32LE(link, 4);
          return reply(RTM.NEWADDR, header, encodeAttributes(addressAttributes, { address: bytes }));
        });
      default:
        return this.routes.map(({ link, destination, prefix, gateway }) => {
          const [to, via] = [destination, gateway].map((text) =>
            text === undefined ? undefined : parseAddress(text),
          );
          const header = Buffer.alloc(12);
          header[0] = (to ?? via)?.length === 16 ? 10 : 2;
          header[1] = prefix;
          header[4] = MAIN_TABLE;
          header[7] = RTN_UNICAST;
          const values = { destination: to, outInterface: link, gateway: via };
          return reply(RTM.NEWROUTE, header, encodeAttributes(routeAttributes, values));
        });
    }
  }

  /** @returns an errno, or 0. */
  #change({ type, payload }: Message): number {
    const header = Buffer.from(payload.slice(0, HEADERS[type]));
    const attributes = payload.subarray(header.length);
    if (type === RTM.NEWADDR || type === RTM.DELADDR) {
      const bytes = decodeAttributes(addressAttributes, attributes).local!;
      const address = { link: header.readUInt32LE(4), address: formatAddress(bytes), prefix: header[1]! };
      return type === RTM.NEWADDR ? this.#addAddress(address) : this.#deleteAddress(address);
    }
    const index = header.readInt32LE(4);
    if (type === RTM.NEWLINK && index === 0)
      return this.#addLink(decodeAttributes(linkAttributes, attributes));
    const link = this.links.find((each) => each.index === index);
    if (!link) return ENODEV;
    if (type === RTM.DELLINK) {
      this.links = this.links.filter((each) => each !== link);
      return 0;
    }
    const mask = header.readUInt32LE(12);
    link.flags = (link.flags & ~mask) | (header.readUInt32LE(8) & mask);
    return 0;
  }

  #addAddress(address: FakeAddress): number {
    if (this.addresses.some((each) => same(each, address))) return errno.EEXIST;
    this.addresses.push(address);
    return 0;
  }

  #deleteAddress(address: FakeAddress): number {
    const rest = this.addresses.filter((each) => !same(each, address));
    if (rest.length === this.addresses.length) return EADDRNOTAVAIL;
    this.addresses = rest;
    return 0;
  }

  #addLink({ name = '', info }: Attributes<typeof linkAttributes>): number {
    if (this.links.some((link) => link.name === name)) return errno.EEXIST;
    const kind = info?.kind as keyof typeof tunnelTables;
    const { local } = decodeAttributes(tunnelTables[kind], info?.data ?? new Uint8Array(0));
    const index = Math.max(...this.links.map((link) => link.index)) + 1;
    this.links.push({ index, name, flags: 0, kind, ...(local ? { address: local as Uint8Array } : {}) });
    return 0;
  }
}

function same(one: FakeAddress, other: FakeAddress): boolean {
  return one.link === other.link && one.address === other.address && one.prefix === other.prefix;
}
