import { aligned, HOST_IS_LITTLE_ENDIAN } from '../netlink/attribute';
import { commandAttributes, destinationAttributes, stats64Attributes } from './attributes';
import { column, type OptionalColumn } from './server-columns';

/** How a payload becomes a word of a row: as it is (64 bits: two words), two swapped bytes, or the bits of a mask. */
export const COPY_U32 = -1;
export const COPY_U64 = -2;
export const COPY_U16BE = 0;
const COPY_U16 = 0xffff;
const COPY_U8 = 0xff;

/** How many numbers of `steps` make one step. */
export const STEP = 4;

/**
 * The shape of a GET_DEST answer on a little-endian machine: a message of `length` bytes that has the expected
 * attribute headers in the expected places. Word numbers count from the first attribute.
 */
export interface ServerLayout {
  /** Bytes of all attributes. */
  readonly length: number;
  /** For each value: word number of its attribute's header, the header, column of a row, how to copy. */
  readonly steps: Int32Array;
  /** Pairs of word number and header, for what has no step: the nests and the address. */
  readonly headers: Int32Array;
  /** Word number of the address. */
  readonly address: number;
}

type Copy = readonly [type: number, copy: number];

/** Attributes whose value is the first word of the payload. */
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
 * The shape of a message in which each of the attributes wanted, and whatever every server has, stands exactly
 * once; undefined for any other.
 */
export function serverLayout(
  message: Uint8Array,
  wanted: readonly OptionalColumn[],
): ServerLayout | undefined {
  const top = attributesOf(message, 0, message.length);
  const nest = top?.get(commandAttributes.destination[0]);
  const inside = nest && attributesOf(message, nest.from, nest.to);
  const address = inside?.get(destinationAttributes.address[0]);
  if (!inside || !address || address.to - address.from !== 16 || !isComplete(inside)) return undefined;
  const headers = [nest.from / 4 - 1, nest.header, address.from / 4 - 1, address.header];
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

/** Attributes 1 to 9: without one of them the answer is broken. */
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

/** Where the payloads of one nesting level are, by type; undefined when a length is impossible or a type doubled. */
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
