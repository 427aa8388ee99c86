import { aligned, HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import type { ReplyLayout } from '../platform/bulk-rows';
import { commandAttributes, destinationAttributes, stats64Attributes } from './attributes';
import { column, type OptionalColumn } from './server-columns';

/**
 * How to copy a payload into a row: unchanged (64 bits: two words), with two bytes swapped, or
 * under a bit mask.
 */
export const COPY_U32 = -1;
export const COPY_U64 = -2;
export const COPY_U16BE = 0;
const COPY_U16 = 0xffff;
const COPY_U8 = 0xff;

/** How many elements of `steps` form one step. */
export const STEP = 4;

/**
 * The layout of a GET_DEST reply on a little-endian machine: its length, and the position of each
 * attribute header. The fast path of server-rows.ts copies replies that match it. Word indexes
 * count from the first attribute.
 */
export interface ServerLayout extends ReplyLayout {
  /** The length of all attributes in bytes. */
  readonly length: number;
  /**
   * For each value: the word index of its attribute header, the header, the column, how to copy.
   */
  readonly steps: Int32Array;
  /**
   * Pairs of word index and header for the attributes without a step: the nests and the address.
   */
  readonly headers: Int32Array;
  /** The word index of the address. */
  readonly address: number;
}

type Copy = readonly [type: number, copy: number];

/** The attributes whose value is the first word of the payload. */
const copies: Readonly<Record<Exclude<OptionalColumn, 'statistics'> | 'family' | 'port', Copy>> = {
  family: [destinationAttributes.family[0], COPY_U16],
  port: [destinationAttributes.port[0], COPY_U16BE],
  forwarding: [destinationAttributes.forwarding[0], COPY_U32],
  weight: [destinationAttributes.weight[0], COPY_U32],
  upperThreshold: [destinationAttributes.upperThreshold[0], COPY_U32],
  lowerThreshold: [destinationAttributes.lowerThreshold[0], COPY_U32],
  activeConnections: [destinationAttributes.activeConnections[0], COPY_U32],
  inactiveConnections: [destinationAttributes.inactiveConnections[0], COPY_U32],
  persistentConnections: [destinationAttributes.persistentConnections[0], COPY_U32],
  tunnelType: [destinationAttributes.tunnelType[0], COPY_U8],
  tunnelPort: [destinationAttributes.tunnelPort[0], COPY_U16BE],
  tunnelFlags: [destinationAttributes.tunnelFlags[0], COPY_U16],
};

/**
 * The layout of a message that has each wanted and each mandatory attribute exactly once; undefined
 * for any other message.
 * @param complete whether messages of the layout must have no other attributes than this one.
 */
export function serverLayout(
  message: Uint8Array,
  wanted: readonly OptionalColumn[],
  complete: boolean,
): ServerLayout | undefined {
  const top = attributesOf(message, 0, message.length);
  const nest = top?.get(commandAttributes.destination[0]);
  const inside = nest && attributesOf(message, nest.from, nest.to);
  const address = inside?.get(destinationAttributes.address[0]);
  if (!inside || !address || address.to - address.from !== 16 || !isComplete(inside)) return undefined;
  const headers = [nest.from / 4 - 1, nest.header, address.from / 4 - 1, address.header];
  if (complete) for (const { from, header } of inside.values()) headers.push(from / 4 - 1, header);
  const steps: number[] = [];
  for (const name of ['family', 'port', ...wanted] as const) {
    if (name === 'statistics') {
      const counters = inside.get(destinationAttributes.stats64[0]);
      if (!counters || !addCounters(message, counters, steps)) return undefined;
      headers.push(counters.from / 4 - 1, counters.header);
      continue;
    }
    const [type, copy] = copies[name];
    const found = inside.get(type);
    if (!found) return undefined;
    steps.push(found.from / 4 - 1, found.header, column[name], copy);
  }
  return {
    length: message.length,
    steps: Int32Array.from(steps),
    headers: Int32Array.from(headers),
    address: address.from / 4,
  };
}

/** Whether the mandatory attributes, 1 to 9, are present. */
function isComplete(inside: ReadonlyMap<number, Place>): boolean {
  for (let type = 1; type <= 9; type++) if (!inside.has(type)) return false;
  return true;
}

interface Place {
  readonly from: number;
  readonly to: number;
  /** The attribute header as a word. */
  readonly header: number;
}

function addCounters(message: Uint8Array, nest: Place, steps: number[]): boolean {
  const inside = attributesOf(message, nest.from, nest.to);
  for (const [index, [type]] of Object.values(stats64Attributes).entries()) {
    const found = inside?.get(type);
    if (!found || found.to - found.from !== 8) return false;
    steps.push(found.from / 4 - 1, found.header, column.statistics + 2 * index, COPY_U64);
  }
  return true;
}

/**
 * The payloads of one nesting level, by attribute type; undefined if a length is invalid or a type
 * occurs twice.
 */
function attributesOf(bytes: Uint8Array, from: number, to: number): Map<number, Place> | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = new Map<number, Place>();
  for (let at = from; at + 4 <= to; ) {
    const length = view.getUint16(at, HOST_IS_LITTLE_ENDIAN);
    const type = view.getUint16(at + 2, HOST_IS_LITTLE_ENDIAN) & 0x3fff;
    if (length < 4 || at + length > to || places.has(type)) return undefined;
    places.set(type, { from: at + 4, to: at + length, header: view.getInt32(at, HOST_IS_LITTLE_ENDIAN) });
    at += aligned(length);
  }
  return places;
}
