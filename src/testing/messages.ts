/** The messages that the fake kernel sends. */
import { commandAttributes } from '../ipvs/attributes';
import { type Attributes, encodeAttributes } from '../netlink/attribute';
import { encodeGenlMessage, type Message } from '../netlink/message';

/** Returns a reply of a genl family. */
export function encoded(
  request: Message,
  command: number,
  attributes: Uint8Array,
  flags: number,
): Uint8Array {
  return encodeGenlMessage(
    { id: request.type, version: 1 },
    { command, attributes },
    flags,
    request.sequence,
  );
}

const recordBytes = new WeakMap<object, Uint8Array>();

/** The attributes of a record, encoded once: for tests that replace records and never change them. */
export function keptAttributes(record: Attributes<typeof commandAttributes>): Uint8Array {
  const own = record.service ?? record.destination ?? record.daemon ?? record;
  const known = recordBytes.get(own);
  if (known) return known;
  const bytes = encodeAttributes(commandAttributes, record);
  recordBytes.set(own, bytes);
  return bytes;
}

/** Returns an NLMSG_ERROR or NLMSG_DONE: nlmsghdr, then the negated 32-bit errno. */
export function control(request: Message, type: number, code: number): Uint8Array {
  const out = new DataView(new ArrayBuffer(20));
  out.setUint32(0, 20, true);
  out.setUint16(4, type, true);
  out.setUint32(8, request.sequence, true);
  out.setInt32(16, -code, true);
  return new Uint8Array(out.buffer);
}
