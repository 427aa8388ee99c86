/**
 * Fast path of `serverFromAttributes` for listing many real servers: stores them as rows of 32-bit
 * words, and copies replies with the layout of a previous one word by word, without creating
 * objects. Falls back to `serverFromAttributes` for any other layout; held equal to it by
 * test/ipvs/server-rows.test.ts.
 */
import { AF_INET, addressWord, type Family, ipv4FromWord } from '../model/address';
import type { ListedServer, Tunnel } from '../model/real-server';
import { noStatistics, type Statistics } from '../model/statistics';
import { decodeAttributes, HOST_IS_LITTLE_ENDIAN, unknownAttributes } from '../netlink/attribute';
import { GENL_PAYLOAD } from '../netlink/message';
import type { BulkRows, RowOrder } from '../platform/bulk-rows';
import { bareDestinationAttributes, destinationAttributes, rawCommandAttributes } from './attributes';
import { required, serverFromAttributes } from './convert';
import { copyReplies } from './copy-replies';
import { orderRows } from './order-rows';
import { column, type OptionalColumn, ROW_WORDS } from './server-columns';
import { type ServerLayout, serverLayout } from './server-layout';

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

  constructor(options: RowsOptions) {
    this.#options = options;
    this.#withStatistics = options.columns.includes('statistics');
  }

  clear(): void {
    this.count = 0;
    this.#incomplete.clear();
  }

  /**
   * Adds the servers of the replies of a datagram from byte `at` on, as many as have the layout of
   * the last one that was decoded. Returns the number of bytes that they take.
   */
  addMany(datagram: Uint8Array, at: number, sequence: number): number {
    const layout = this.#layout;
    if (!layout) return 0;
    const size = GENL_PAYLOAD + layout.length;
    const most = Math.floor((datagram.length - at) / size);
    while ((this.count + most) * ROW_WORDS > this.words.length) this.#grow();
    const copy = this.#options.bulk?.copy ?? copyReplies;
    const copied = copy(datagram, at, sequence, layout, this.words, this.count);
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
    const message = datagram.subarray(from, to);
    const { destination } = decodeAttributes(rawCommandAttributes, message);
    const payload = required(destination, 'destination');
    const table = this.#withStatistics ? destinationAttributes : bareDestinationAttributes;
    const server = serverFromAttributes(decodeAttributes(table, payload), serviceFamily);
    const incomplete = this.#keepIncomplete(server, payload);
    this.#store(server, incomplete);
    this.count += 1;
    const { columns, complete = false } = this.#options;
    const learns = HOST_IS_LITTLE_ENDIAN && !incomplete;
    this.#layout = learns ? serverLayout(message, columns, complete) : undefined;
  }

  /** A row as an object. */
  server(index: number): RowServer {
    const { words } = this;
    const at = index * ROW_WORDS;
    if (words[at + column.incomplete] !== 0) return this.#incomplete.get(index)!;
    const family = words[at + column.family] as Family;
    return {
      family,
      address: addressOf(words, at, family),
      port: words[at + column.port]!,
      forwarding: words[at + column.forwarding]! >>> 0,
      weight: words[at + column.weight]!,
      upperThreshold: words[at + column.upperThreshold]! >>> 0,
      lowerThreshold: words[at + column.lowerThreshold]! >>> 0,
      tunnel: tunnelOf(
        words[at + column.tunnelType]!,
        words[at + column.tunnelPort]!,
        words[at + column.tunnelFlags]!,
      ),
      activeConnections: words[at + column.activeConnections]! >>> 0,
      inactiveConnections: words[at + column.inactiveConnections]! >>> 0,
      persistentConnections: words[at + column.persistentConnections]! >>> 0,
      statistics: this.#withStatistics ? statisticsOf(words, at + column.statistics) : undefined,
    };
  }

  /** All rows as objects. */
  servers(): RowServer[] {
    return Array.from({ length: this.count }, (_, index) => this.server(index));
  }

  /** The numbers of the rows in an order. */
  order(by: RowOrder): Uint32Array {
    const numbers = new Uint32Array(this.count);
    for (let index = 0; index < this.count; index++) numbers[index] = index;
    const order = this.#options.bulk?.order ?? orderRows;
    if (by !== 'kernel') order(this.words, numbers, by);
    return numbers;
  }

  /** Stores a server as the next row. */
  #store(server: ListedServer, incomplete: boolean): void {
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
    words[at + column.incomplete] = incomplete ? 1 : 0;
    for (const [index, name] of statisticsNames.entries()) {
      const value = this.#withStatistics ? (server.statistics ?? noStatistics)[name] : 0n;
      words[at + column.statistics + 2 * index] = Number(BigInt.asIntN(32, value));
      words[at + column.statistics + 2 * index + 1] = Number(BigInt.asIntN(32, value >> 32n));
    }
  }

  /** Keeps a server that columns do not describe completely, if that is wanted. */
  #keepIncomplete(server: ListedServer, payload: Uint8Array): boolean {
    if (!this.#options.complete) return false;
    const unknown = unknownAttributes(destinationAttributes, payload);
    if (unknown.size === 0 && (server.statistics || !this.#withStatistics)) return false;
    this.#incomplete.set(this.count, { ...server, unknown });
    return true;
  }

  #grow(): void {
    const grown = new Int32Array(2 * this.words.length);
    grown.set(this.words);
    this.words = grown;
  }
}

function addressOf(words: Int32Array, at: number, family: Family): Uint8Array {
  if (family === AF_INET) return ipv4FromWord(words[at]!);
  const address = new Uint8Array(16);
  for (let index = 0; index < 4; index++) address.set(ipv4FromWord(words[at + index]!), 4 * index);
  return address;
}

const plainTunnel: Tunnel = { type: 0, port: 0, flags: 0 };

/** Most servers have the same one. */
function tunnelOf(type: number, port: number, flags: number): Tunnel {
  return type === 0 && port === 0 && flags === 0 ? plainTunnel : { type, port, flags };
}

function statisticsOf(words: Int32Array, at: number): Statistics {
  const statistics = { ...noStatistics } as Record<keyof Statistics, bigint>;
  for (const [index, name] of statisticsNames.entries()) {
    const low = BigInt(words[at + 2 * index]! >>> 0);
    statistics[name] = (BigInt(words[at + 2 * index + 1]! >>> 0) << 32n) | low;
  }
  return statistics;
}
