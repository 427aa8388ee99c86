import { aligned, HOST_IS_LITTLE_ENDIAN } from './attribute';

/** Netlink message types and flags (RFC 3549; kernel: uapi/linux/netlink.h). */
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;

/** Bytes of struct nlmsghdr, and of struct genlmsghdr that follows it in generic netlink. */
export const NLMSG_HEADER = 16;
export const GENL_HEADER = 4;

/** One netlink message; `payload` begins behind the nlmsghdr. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** A datagram that does not hold whole netlink messages. */
export class MessageError extends Error {}

/** The bytes of a generic netlink message: nlmsghdr (port id 0: the kernel fills it in), genlmsghdr, attributes. */
export function encodeGenlMessage(
  message: { type: number; flags: number; sequence: number },
  genl: { command: number; version: number },
  attributes: Uint8Array,
): Uint8Array {
  const length = NLMSG_HEADER + GENL_HEADER + attributes.length;
  const out = new Uint8Array(aligned(length));
  const view = new DataView(out.buffer);
  view.setUint32(0, length, HOST_IS_LITTLE_ENDIAN);
  view.setUint16(4, message.type, HOST_IS_LITTLE_ENDIAN);
  view.setUint16(6, message.flags, HOST_IS_LITTLE_ENDIAN);
  view.setUint32(8, message.sequence, HOST_IS_LITTLE_ENDIAN);
  out[16] = genl.command;
  out[17] = genl.version;
  out.set(attributes, NLMSG_HEADER + GENL_HEADER);
  return out;
}

/**
 * The messages of a datagram, as views into it.
 * @throws MessageError when a length is impossible.
 */
export function decodeMessages(datagram: Uint8Array): Message[] {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const messages: Message[] = [];
  let at = 0;
  while (at + NLMSG_HEADER <= datagram.length) {
    const length = view.getUint32(at, HOST_IS_LITTLE_ENDIAN);
    if (length < NLMSG_HEADER || at + length > datagram.length) {
      throw new MessageError(`message length ${length} at byte ${at} of ${datagram.length}`);
    }
    messages.push({
      type: view.getUint16(at + 4, HOST_IS_LITTLE_ENDIAN),
      flags: view.getUint16(at + 6, HOST_IS_LITTLE_ENDIAN),
      sequence: view.getUint32(at + 8, HOST_IS_LITTLE_ENDIAN),
      payload: datagram.subarray(at + NLMSG_HEADER, at + length),
    });
    at += aligned(length);
  }
  return messages;
}

/** The code of an NLMSG_ERROR or NLMSG_DONE: 0, or an errno as the kernel sends it, negative. */
export function messageCode(message: Message): number {
  if (message.payload.length < 4) return 0;
  return new DataView(message.payload.buffer, message.payload.byteOffset).getInt32(0, HOST_IS_LITTLE_ENDIAN);
}
