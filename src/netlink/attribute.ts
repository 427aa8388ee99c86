/**
 * Netlink attributes (RFC 3549 section 2; kernel: lib/nlattr.c): a 16-bit length that includes the
 * header of four bytes, a 16-bit type, the payload, padding to four bytes. A table declares the
 * attributes of one nesting level; `encodeAttributes` and `decodeAttributes` use it.
 */
import { AttributeError } from './errors';

/** Whether this machine is little-endian. Most netlink numbers are in host order. */
export const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** NLA_F_NESTED and NLA_F_NET_BYTEORDER are flags in the type field. */
const NLA_F_NESTED = 0x8000;
const NLA_TYPE_MASK = 0x3fff;
const HEADER = 4;

/** Writes and reads one kind of payload. `decode` may throw AttributeError. */
export interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(payload: Uint8Array): T;
  /** Set for nests, whose type field carries NLA_F_NESTED. */
  readonly nested?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a table holds codecs of different values
export type AttributeTable = { readonly [name: string]: readonly [type: number, codec: Codec<any>] };

/** The values of a table's attributes, all optional. */
export type Attributes<T extends AttributeTable> = {
  [K in keyof T]?: T[K][1] extends Codec<infer V> ? V | undefined : never;
};

/** Encodes attributes in the order of `values`; omits absent ones. */
export function encodeAttributes<T extends AttributeTable>(table: T, values: Attributes<T>): Uint8Array {
  const parts: { type: number; payload: Uint8Array }[] = [];
  let total = 0;
  for (const name in values) {
    const value = values[name];
    const declared = table[name];
    if (value === undefined || !declared) continue;
    const [number, codec] = declared;
    const payload = codec.encode(value);
    parts.push({ type: codec.nested ? number | NLA_F_NESTED : number, payload });
    total += aligned(HEADER + payload.length);
  }
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { type, payload } of parts) {
    view.setUint16(at, HEADER + payload.length, HOST_IS_LITTLE_ENDIAN);
    view.setUint16(at + 2, type, HOST_IS_LITTLE_ENDIAN);
    out.set(payload, at + HEADER);
    at += aligned(HEADER + payload.length);
  }
  return out;
}

/**
 * Decodes the attributes of `payload` that `table` lists, by name; ignores those of a newer kernel.
 * @throws AttributeError if an attribute is too short for its type or extends past the end.
 */
export function decodeAttributes<T extends AttributeTable>(table: T, payload: Uint8Array): Attributes<T> {
  const known = namesByType(table);
  const values: Record<string, unknown> = {};
  eachAttribute(payload, (type, from, to) => {
    const name = known[type];
    if (name !== undefined) values[name] = table[name]![1].decode(payload.subarray(from, to));
  });
  return values as Attributes<T>;
}

/**
 * Visits the attributes of one level: type, start and end of the payload.
 * @throws AttributeError.
 */
function eachAttribute(payload: Uint8Array, visit: (type: number, from: number, to: number) => void): void {
  const view = viewOf(payload);
  let at = 0;
  while (at + HEADER <= payload.length) {
    const length = view.getUint16(at, HOST_IS_LITTLE_ENDIAN);
    if (length < HEADER || at + length > payload.length) {
      throw new AttributeError(`attribute length ${length} at byte ${at} of ${payload.length}`);
    }
    visit(view.getUint16(at + 2, HOST_IS_LITTLE_ENDIAN) & NLA_TYPE_MASK, at + HEADER, at + length);
    at += aligned(length);
  }
}

/**
 * The payloads of the attributes of `payload` that `table` does not list, by type.
 * @throws AttributeError.
 */
export function unknownAttributes(table: AttributeTable, payload: Uint8Array): Map<number, Uint8Array> {
  const known = namesByType(table);
  const unknown = new Map<number, Uint8Array>();
  eachAttribute(payload, (type, from, to) => {
    if (known[type] === undefined) unknown.set(type, payload.slice(from, to));
  });
  return unknown;
}

/** Rounds a length up to netlink's alignment of four bytes. */
export function aligned(length: number): number {
  return (length + 3) & ~3;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const typeIndexes = new WeakMap<AttributeTable, (string | undefined)[]>();

function namesByType(table: AttributeTable): (string | undefined)[] {
  let index = typeIndexes.get(table);
  if (!index) {
    index = [];
    for (const name of Object.keys(table)) index[table[name]![0]] = name;
    typeIndexes.set(table, index);
  }
  return index;
}

function fixed<T>(
  size: number,
  write: (view: DataView, value: T) => void,
  read: (view: DataView) => T,
): Codec<T> {
  return {
    encode(value) {
      const payload = new Uint8Array(size);
      write(new DataView(payload.buffer), value);
      return payload;
    },
    decode(payload) {
      if (payload.length < size) throw new AttributeError(`${payload.length} bytes where ${size} are needed`);
      return read(viewOf(payload));
    },
  };
}

const host = HOST_IS_LITTLE_ENDIAN;

export const u8 = fixed<number>(
  1,
  (view, value) => view.setUint8(0, value),
  (view) => view.getUint8(0),
);
/** Host order. */
export const u16 = fixed<number>(
  2,
  (view, value) => view.setUint16(0, value, host),
  (view) => view.getUint16(0, host),
);
/** Network order. */
export const u16be = fixed<number>(
  2,
  (view, value) => view.setUint16(0, value),
  (view) => view.getUint16(0),
);
/** Host order, unsigned. */
export const u32 = fixed<number>(
  4,
  (view, value) => view.setUint32(0, value, host),
  (view) => view.getUint32(0, host),
);
/** Host order, signed: weights. */
export const s32 = fixed<number>(
  4,
  (view, value) => view.setInt32(0, value, host),
  (view) => view.getInt32(0, host),
);
/** Host order, unsigned, 32 bits on the wire, decoded to a bigint: counters. */
export const u32counter = fixed<bigint>(
  4,
  (view, value) => view.setUint32(0, Number(value), host),
  (view) => BigInt(view.getUint32(0, host)),
);
/** Host order, unsigned: counters. */
export const u64 = fixed<bigint>(
  8,
  (view, value) => view.setBigUint64(0, value, host),
  (view) => view.getBigUint64(0, host),
);
/** Two u32 in host order: new bits, and the mask of the bits to replace. */
export const flagsAndMask = fixed<{ flags: number; mask: number }>(
  8,
  (view, { flags, mask }) => {
    view.setUint32(0, flags, host);
    view.setUint32(4, mask, host);
  },
  (view) => ({ flags: view.getUint32(0, host), mask: view.getUint32(4, host) }),
);

/** Bytes, unchanged. Decoding copies them, as the receive buffer is reused. */
export const bytes: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (payload) => payload.slice(),
};

/** A NUL-terminated string; one character per byte. */
export const text: Codec<string> = {
  encode(value) {
    const payload = new Uint8Array(value.length + 1);
    for (let at = 0; at < value.length; at++) payload[at] = value.charCodeAt(at);
    return payload;
  },
  decode(payload) {
    let value = '';
    for (const byte of payload) {
      if (byte === 0) break;
      value += String.fromCharCode(byte);
    }
    return value;
  },
};

/** A nest: the attributes of `table` inside one attribute. The kernel's nests lack NLA_F_NESTED. */
export function nested<T extends AttributeTable>(table: T): Codec<Attributes<T>> {
  return {
    nested: true,
    encode: (values) => encodeAttributes(table, values),
    decode: (payload) => decodeAttributes(table, payload),
  };
}
