/**
 * Fast path of `bareServer` for reading a large table: takes the values of a message with the
 * attributes of the previous one from the same places. Leaves every other message to `bareServer`;
 * test/ipvs/bare-servers.test.ts holds the two equal.
 */
import { AF_INET, AF_INET6, type Family, ipv4FromWord } from '../model/address';
import type { ListedServer, Tunnel } from '../model/real-server';
import { aligned, decodeAttributes, HOST_IS_LITTLE_ENDIAN, unknownAttributes } from '../netlink/attribute';
import { swapped16, swapped32 } from '../netlink/byte-order';
import { bareDestinationAttributes, destinationAttributes, rawCommandAttributes } from './attributes';
import { required, serverFromAttributes } from './convert';

/** A server without statistics, with the payloads of attributes that this version does not know. */
export type BareServer = ListedServer & { readonly unknown: ReadonlyMap<number, Uint8Array> };

const nothingUnknown: ReadonlyMap<number, Uint8Array> = new Map();
const plainTunnel: Tunnel = { type: 0, port: 0, flags: 0 };

/** @throws AttributeError if an attribute is malformed, or a required one is missing. */
export function bareServer(payload: Uint8Array, serviceFamily: Family): BareServer {
  const { destination } = decodeAttributes(rawCommandAttributes, payload);
  const own = required(destination, 'destination');
  const attributes = decodeAttributes(bareDestinationAttributes, own);
  const unknown = unknownAttributes(destinationAttributes, own);
  return { ...serverFromAttributes(attributes, serviceFamily), unknown };
}

/** The index of the word of each value in a message. */
type Places = Readonly<Record<keyof typeof bareDestinationAttributes, number>>;

/** The attributes of a message without unknown ones. Word indexes count from its first attribute. */
interface Layout {
  /** In bytes. */
  readonly length: number;
  /** Pairs of the index of a header and the header. */
  readonly headers: Int32Array;
  readonly places: Places;
}

export class BareServers {
  servers: BareServer[] = [];
  #layout: Layout | undefined;
  #received: Int32Array = new Int32Array(0);

  clear(): void {
    this.servers = [];
  }

  /**
   * Adds the server of a reply to GET_DEST: the attributes at bytes `from`..`to`.
   * @throws AttributeError as `bareServer`.
   */
  add(datagram: Uint8Array, from: number, to: number, serviceFamily: Family): void {
    const known = this.#byLayout(datagram, from, to, serviceFamily);
    if (known) {
      this.servers.push(known);
      return;
    }
    const message = datagram.subarray(from, to);
    this.servers.push(bareServer(message, serviceFamily));
    this.#layout = HOST_IS_LITTLE_ENDIAN ? layoutOf(message) : undefined;
  }

  #byLayout(datagram: Uint8Array, from: number, to: number, serviceFamily: Family): BareServer | undefined {
    const layout = this.#layout;
    const first = datagram.byteOffset + from;
    if (!layout || to - from !== layout.length || (first & 3) !== 0) return undefined;
    if (this.#received.buffer !== datagram.buffer) {
      this.#received = new Int32Array(datagram.buffer, 0, datagram.buffer.byteLength >> 2);
    }
    const words = this.#received;
    const base = first >> 2;
    const { headers, places } = layout;
    for (let index = 0; index < headers.length; index += 2) {
      if (words[base + headers[index]!] !== headers[index + 1]) return undefined;
    }
    const own = words[base + places.family]! & 0xffff;
    const family = own === 0 ? serviceFamily : own === AF_INET ? AF_INET : AF_INET6;
    return {
      family,
      address: addressOf(words, base + places.address, family),
      port: swapped16(words[base + places.port]!),
      forwarding: words[base + places.forwarding]! >>> 0,
      weight: words[base + places.weight]!,
      upperThreshold: words[base + places.upperThreshold]! >>> 0,
      lowerThreshold: words[base + places.lowerThreshold]! >>> 0,
      tunnel: tunnelOf(
        words[base + places.tunnelType]! & 0xff,
        words[base + places.tunnelPort]!,
        words[base + places.tunnelFlags]! & 0xffff,
      ),
      activeConnections: words[base + places.activeConnections]! >>> 0,
      inactiveConnections: words[base + places.inactiveConnections]! >>> 0,
      persistentConnections: words[base + places.persistentConnections]! >>> 0,
      statistics: undefined,
      unknown: nothingUnknown,
    };
  }
}

function addressOf(words: Int32Array, at: number, family: Family): Uint8Array {
  if (family === AF_INET) return ipv4FromWord(swapped32(words[at]!));
  const address = new Uint8Array(16);
  for (let index = 0; index < 4; index++) {
    address.set(ipv4FromWord(swapped32(words[at + index]!)), 4 * index);
  }
  return address;
}

/** Most servers have the same one. */
function tunnelOf(type: number, port: number, flags: number): Tunnel {
  const own = swapped16(port);
  return type === 0 && own === 0 && flags === 0 ? plainTunnel : { type, port: own, flags };
}

/** How long the payload of an attribute must be for its value to be taken from a word of it. */
const lengths: Readonly<Record<keyof Places, number>> = {
  address: 16,
  port: 2,
  forwarding: 4,
  weight: 4,
  upperThreshold: 4,
  lowerThreshold: 4,
  activeConnections: 4,
  inactiveConnections: 4,
  persistentConnections: 4,
  family: 2,
  tunnelType: 1,
  tunnelPort: 2,
  tunnelFlags: 2,
};

/** Undefined if a message has no nest of destinations alone, or an attribute in it twice or not at all. */
function layoutOf(message: Uint8Array): Layout | undefined {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const headers: number[] = [];
  const places: Partial<Record<keyof Places, number>> = {};
  const pass = (at: number, end: number): number | undefined => {
    if (at + HEADER > end) return undefined;
    const length = view.getUint16(at, true);
    if (length < HEADER || at + length > end) return undefined;
    headers.push(at >> 2, view.getInt32(at, true));
    return length - HEADER;
  };
  const nest = pass(0, message.length);
  if (nest === undefined || aligned(nest + HEADER) !== message.length) return undefined;
  if ((view.getUint16(2, true) & TYPE_MASK) !== rawCommandAttributes.destination[0]) return undefined;
  for (let at = HEADER; at < HEADER + nest; ) {
    const length = pass(at, HEADER + nest);
    if (length === undefined) return undefined;
    const type = view.getUint16(at + 2, true) & TYPE_MASK;
    const name = namesByType.get(type);
    if (name !== undefined) {
      if (places[name] !== undefined || length < lengths[name]) return undefined;
      places[name] = (at + HEADER) >> 2;
    } else if (!statisticsTypes.has(type)) return undefined;
    at += aligned(length + HEADER);
  }
  for (const name of namesByType.values()) if (places[name] === undefined) return undefined;
  return { length: message.length, headers: Int32Array.from(headers), places: places as Places };
}

const HEADER = 4;
const TYPE_MASK = 0x3fff;

const namesByType = new Map(
  Object.entries(bareDestinationAttributes).map(([name, [type]]) => [type as number, name as keyof Places]),
);
const statisticsTypes: ReadonlySet<number> = new Set([
  destinationAttributes.stats[0],
  destinationAttributes.stats64[0],
]);
