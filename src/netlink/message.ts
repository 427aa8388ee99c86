import { aligned, HOST_IS_LITTLE_ENDIAN } from './attribute';
import { MessageError } from './errors';

/** Netlink message types and flags (RFC 3549; kernel: uapi/linux/netlink.h). */
export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
/** Of requests that create: replace what exists, fail if it exists, create if it does not. */
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;

/**
 * The sizes in bytes of struct nlmsghdr, and of struct genlmsghdr, which follows it in generic
 * netlink.
 */
const NLMSG_HEADER = 16;
export const GENL_HEADER = 4;
/** Where the attributes of a generic netlink message begin. */
export const GENL_PAYLOAD = NLMSG_HEADER + GENL_HEADER;

/** A netlink message; `payload` begins after struct nlmsghdr. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/**
 * A request: the type of the message (for generic netlink the id of the family), the fixed header
 * that its family wants, and encoded attributes.
 */
export interface NetlinkRequest {
  readonly type: number;
  /** Further flags of the message, such as NLM_F_CREATE. */
  readonly flags?: number;
  /** A multiple of four bytes: struct genlmsghdr, ifaddrmsg ... */
  readonly header: Uint8Array;
  readonly attributes: Uint8Array;
}

/** Encodes a message: nlmsghdr (port id 0: the kernel sets it), header, attributes. */
export function encodeMessage(request: NetlinkRequest, flags: number, sequence: number): Uint8Array {
  const { header, attributes } = request;
  const length = NLMSG_HEADER + header.length + attributes.length;
  const out = new Uint8Array(aligned(length));
  const view = new DataView(out.buffer);
  view.setUint32(0, length, HOST_IS_LITTLE_ENDIAN);
  view.setUint16(4, request.type, HOST_IS_LITTLE_ENDIAN);
  view.setUint16(6, flags | (request.flags ?? 0), HOST_IS_LITTLE_ENDIAN);
  view.setUint32(8, sequence, HOST_IS_LITTLE_ENDIAN);
  out.set(header, NLMSG_HEADER);
  out.set(attributes, NLMSG_HEADER + header.length);
  return out;
}

/**
 * Encodes a generic netlink message: nlmsghdr (port id 0: the kernel sets it), genlmsghdr,
 * attributes.
 */
export function encodeGenlMessage(
  family: { readonly id: number; readonly version: number },
  request: { readonly command: number; readonly attributes: Uint8Array },
  flags: number,
  sequence: number,
): Uint8Array {
  const header = Uint8Array.of(request.command, family.version, 0, 0);
  return encodeMessage({ type: family.id, header, attributes: request.attributes }, flags, sequence);
}

/** Receives the header of a message and its payload: bytes `from`..`to` of the datagram. */
export type MessageVisitor = (
  type: number,
  flags: number,
  sequence: number,
  from: number,
  to: number,
) => void;

/**
 * Visits the messages of a datagram.
 * @param take is called with the start of each message, and returns how many bytes of complete
 * messages from there on are not to be visited.
 * @throws MessageError if a length is invalid.
 */
export function eachMessage(
  datagram: Uint8Array,
  visit: MessageVisitor,
  take?: (at: number) => number,
): void {
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const end = datagram.length;
  if (end > 0 && end < NLMSG_HEADER) throw new MessageError(`a datagram of ${end} bytes`);
  let at = 0;
  while (at + NLMSG_HEADER <= end) {
    if (take) at += take(at);
    if (at + NLMSG_HEADER > end) return;
    const length = view.getUint32(at, HOST_IS_LITTLE_ENDIAN);
    if (length < NLMSG_HEADER || at + length > end) {
      throw new MessageError(`message length ${length} at byte ${at} of ${end}`);
    }
    visit(
      view.getUint16(at + 4, HOST_IS_LITTLE_ENDIAN),
      view.getUint16(at + 6, HOST_IS_LITTLE_ENDIAN),
      view.getUint32(at + 8, HOST_IS_LITTLE_ENDIAN),
      at + NLMSG_HEADER,
      at + length,
    );
    at += aligned(length);
  }
}

/** The messages of a datagram, as views into it. @throws MessageError if a length is invalid. */
export function decodeMessages(datagram: Uint8Array): Message[] {
  const messages: Message[] = [];
  eachMessage(datagram, (type, flags, sequence, from, to) => {
    messages.push({ type, flags, sequence, payload: datagram.subarray(from, to) });
  });
  return messages;
}

/** The code of an NLMSG_ERROR or NLMSG_DONE message: 0, or an errno (positive). */
export function messageErrno(payload: Uint8Array): number {
  if (payload.length < 4) return 0;
  return -new DataView(payload.buffer, payload.byteOffset).getInt32(0, HOST_IS_LITTLE_ENDIAN) + 0;
}
