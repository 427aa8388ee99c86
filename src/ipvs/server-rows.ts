/**
 * Fast path of `serverFromAttributes` for listing many real servers: stores them as rows of 32-bit
 * words, and copies a message with the layout of the previous one word by word, without creating an
 * object. Falls back to `serverFromAttributes` for any other layout; held equal to it by
 * test/ipvs/server-rows.test.ts.
 */
import { AF_INET, AF_INET6, addressWord, type Family, ipv4FromWord } from '../model/address';
import { orderLikeC } from '../model/order';
import type { ListedServer } from '../model/real-server';
import { noStatistics, type Statistics } from '../model/statistics';
import { decodeAttributes, HOST_IS_LITTLE_ENDIAN, unknownAttributes } from '../netlink/attribute';
import { swapped16, swapped32 } from '../netlink/byte-order';
import { GENL_PAYLOAD } from '../netlink/message';
import type { BulkRows, RowOrder } from '../platform/bulk-rows';
import { destinationAttributes, rawCommandAttributes } from './attributes';
import { required, serverFromAttributes } from './convert';
import { column, type OptionalColumn, ROW_WORDS } from './server-columns';
import { COPY_U16BE, COPY_U32, COPY_U64, type ServerLayout, STEP, serverLayout } from './server-layout';

const statisticsNames = Object.keys(noStatistics) as (keyof Statistics)[];

/** A server, with the attributes that this version does not know if the rows are complete. */
export type RowServer = ListedServer & { readonly unknown?: ReadonlyMap<number, Uint8Array> };

export interface RowsOptions {
  /** The columns to fill; the others are undefined. */
  readonly columns: readonly OptionalColumn[];
  /** Whether servers are kept that columns do not describe completely: column `incomplete`. */
  readonly complete?: boolean;
  readonly bulk?: BulkRows | undefined;
}

export class ServerRows {
  words: Int32Array = new Int32Array(64 * ROW_WORDS);
  count = 0;
  readonly #options: RowsOptions;
  readonly #withStatistics: boolean;
  /** The servers that columns do not describe completely, by row. */
  readonly #incomplete = new Map<number, RowServer>();
  #layout: ServerLayout | undefined;
  #received: Int32Array = new Int32Array(0);

  constructor(options: RowsOptions) {
    this.#options = options;
    this.#withStatistics = options.columns.includes('statistics');
  }

  clear(): void {
    this.count = 0;
    this.#incomplete.clear();
  }

  /**
   * Adds the servers of the first replies of a datagram at once, as many as have the known layout,
   * where the engine can. Returns the number of bytes that they take.
   */
  addMany(datagram: Uint8Array, sequence: number): number {
    const { bulk } = this.#options;
    const layout = this.#layout;
    if (!bulk || !layout) return 0;
    const size = GENL_PAYLOAD + layout.length;
    const most = Math.floor(datagram.length / size);
    while ((this.count + most) * ROW_WORDS > this.words.length) this.#grow();
    const copied = bulk.copy(datagram, sequence, layout, this.words, this.count);
    this.count += copied;
    return copied * size;
  }

  /**
   * Adds the server of a reply to GET_DEST: the attributes at bytes `from`..`to`.
   * @param serviceFamily the family of a server for which an old kernel (before 3.18) does not send
   * one.
   * @throws AttributeError as `serverFromAttributes`.
   */
  add(datagram: Uint8Array, from: number, to: number, serviceFamily: Family): void {
    if ((this.count + 1) * ROW_WORDS > this.words.length) this.#grow();
    if (!this.#addByLayout(datagram, from, to)) this.#addDecoded(datagram, from, to, serviceFamily);
    this.count += 1;
  }

  /** A row as an object. */
  server(index: number): RowServer {
    const at = index * ROW_WORDS;
    if (this.words[at + column.incomplete] !== 0) return this.#incomplete.get(index)!;
    const word = (offset: number) => this.words[at + offset]!;
    const family = word(column.family) as Family;
    return {
      family,
      address: addressOf(this.words, at, family),
      port: word(column.port),
      forwarding: word(column.forwarding) >>> 0,
      weight: word(column.weight),
      upperThreshold: word(column.upperThreshold) >>> 0,
      lowerThreshold: word(column.lowerThreshold) >>> 0,
      tunnel: {
        type: word(column.tunnelType),
        port: word(column.tunnelPort),
        flags: word(column.tunnelFlags),
      },
      activeConnections: word(column.activeConnections) >>> 0,
      inactiveConnections: word(column.inactiveConnections) >>> 0,
      persistentConnections: word(column.persistentConnections) >>> 0,
      statistics: this.#withStatistics ? statisticsOf(this.words, at + column.statistics) : undefined,
    };
  }

  /** The numbers of the rows in an order. */
  order(by: RowOrder): Uint32Array {
    const { words, count } = this;
    const { bulk } = this.#options;
    if (by !== 'kernel' && !bulk) {
      return orderLikeC(count, (a, b) => comparisons[by](words, a * ROW_WORDS, b * ROW_WORDS));
    }
    const numbers = new Uint32Array(count);
    for (let index = 0; index < count; index++) numbers[index] = index;
    if (by !== 'kernel') bulk?.order(words, numbers, by);
    return numbers;
  }

  /** Adds a row from a message of the known layout; returns false if the layout differs. */
  #addByLayout(datagram: Uint8Array, from: number, to: number): boolean {
    const layout = this.#layout;
    const first = datagram.byteOffset + from;
    if (!layout || to - from !== layout.length || (first & 3) !== 0) return false;
    if (this.#received.buffer !== datagram.buffer) {
      this.#received = new Int32Array(datagram.buffer, 0, datagram.buffer.byteLength >> 2);
    }
    const source = this.#received;
    const base = first >> 2;
    // Read each length once: in an interpreter every access calls a function.
    const { headers, steps } = layout;
    const headersEnd = headers.length;
    for (let index = 0; index < headersEnd; index += 2) {
      if (source[base + headers[index]!] !== headers[index + 1]) return false;
    }
    const { words } = this;
    const at = this.count * ROW_WORDS;
    const stepsEnd = steps.length;
    for (let index = 0; index < stepsEnd; index += STEP) {
      const header = base + steps[index]!;
      if (source[header] !== steps[index + 1]) return false;
      const value = source[header + 1]!;
      const target = at + steps[index + 2]!;
      const copy = steps[index + 3]!;
      if (copy === COPY_U32) words[target] = value;
      else if (copy === COPY_U64) {
        words[target] = value;
        words[target + 1] = source[header + 2]!;
      } else words[target] = copy === COPY_U16BE ? swapped16(value) : value & copy;
    }
    if (words[at + column.family] === 0) return false; // rare: the service's family
    words[at + column.incomplete] = 0;
    if (words[at + column.family] === AF_INET) {
      words[at] = swapped32(source[base + layout.address]!);
      words[at + 1] = words[at + 2] = words[at + 3] = 0;
      return true;
    }
    words[at + column.family] = AF_INET6; // as convert.ts
    for (let index = 0; index < 4; index++) {
      words[at + index] = swapped32(source[base + layout.address + index]!);
    }
    return true;
  }

  /** Adds a row by the attribute tables, and records the layout of the message. */
  #addDecoded(datagram: Uint8Array, from: number, to: number, serviceFamily: Family): void {
    const message = decodeAttributes(rawCommandAttributes, datagram.subarray(from, to));
    const payload = required(message.destination, 'destination');
    const server = serverFromAttributes(decodeAttributes(destinationAttributes, payload), serviceFamily);
    const at = this.count * ROW_WORDS;
    const { words } = this;
    for (let index = 0; index < 4; index++) words[at + index] = addressWord(server.address, 4 * index);
    words[at + column.family] = server.family;
    words[at + column.port] = server.port;
    words[at + column.forwarding] = server.forwarding;
    words[at + column.weight] = server.weight;
    words[at + column.upperThreshold] = server.upperThreshold;
    words[at + column.lowerThreshold] = server.lowerThreshold;
    words[at + column.activeConnections] = server.activeConnections;
    words[at + column.inactiveConnections] = server.inactiveConnections;
    words[at + column.persistentConnections] = server.persistentConnections;
    words[at + column.tunnelType] = server.tunnel.type;
    words[at + column.tunnelPort] = server.tunnel.port;
    words[at + column.tunnelFlags] = server.tunnel.flags;
    const incomplete = this.#keepIncomplete(server, payload);
    words[at + column.incomplete] = incomplete ? 1 : 0;
    for (const [index, name] of statisticsNames.entries()) {
      const value = this.#withStatistics ? (server.statistics ?? noStatistics)[name] : 0n;
      words[at + column.statistics + 2 * index] = Number(BigInt.asIntN(32, value));
      words[at + column.statistics + 2 * index + 1] = Number(BigInt.asIntN(32, value >> 32n));
    }
    const { columns, complete = false } = this.#options;
    this.#layout =
      HOST_IS_LITTLE_ENDIAN && !incomplete
        ? serverLayout(datagram.subarray(from, to), columns, complete)
        : undefined;
  }

  /** Keeps a server that columns do not describe completely, if that is wanted. */
  #keepIncomplete(server: ListedServer, payload: Uint8Array): boolean {
    if (!this.#options.complete) return false;
    const unknown = unknownAttributes(destinationAttributes, payload);
    if (unknown.size === 0 && server.statistics) return false;
    this.#incomplete.set(this.count, { ...server, unknown });
    return true;
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.words.length);
    grown.set(this.words);
    this.words = grown;
  }
}

type Comparison = (words: Int32Array, a: number, b: number) => number;

/** How the rows at two places compare. */
const comparisons: Readonly<Record<Exclude<RowOrder, 'kernel'>, Comparison>> = {
  /** As `compareServers` of src/model/order.ts. */
  listing(words, a, b) {
    const addressWords = words[a + column.family] === AF_INET ? 1 : 4;
    for (let index = 0; index < addressWords; index++) {
      const difference = (words[a + index]! - words[b + index]!) | 0;
      if (difference !== 0) return difference;
    }
    return words[a + column.port]! - words[b + column.port]!;
  },
  /** As `compareServerKeys` of src/model/address-order.ts: an IPv4 address is followed by zeros. */
  document(words, a, b) {
    const families = words[a + column.family]! - words[b + column.family]!;
    if (families !== 0) return families;
    for (let index = 0; index < 4; index++) {
      const difference = (words[a + index]! >>> 0) - (words[b + index]! >>> 0);
      if (difference !== 0) return difference;
    }
    return words[a + column.port]! - words[b + column.port]!;
  },
};

function addressOf(words: Int32Array, at: number, family: Family): Uint8Array {
  if (family === AF_INET) return ipv4FromWord(words[at]!);
  const address = new Uint8Array(16);
  for (let index = 0; index < 4; index++) address.set(ipv4FromWord(words[at + index]!), 4 * index);
  return address;
}

function statisticsOf(words: Int32Array, at: number): Statistics {
  const statistics = { ...noStatistics } as Record<keyof Statistics, bigint>;
  for (const [index, name] of statisticsNames.entries()) {
    const low = BigInt(words[at + 2 * index]! >>> 0);
    statistics[name] = (BigInt(words[at + 2 * index + 1]! >>> 0) << 32n) | low;
  }
  return statistics;
}
