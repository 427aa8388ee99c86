/** The messages that the fake kernel sends. */
import { encodeGenlMessage, type Message } from '../../src/netlink/message';

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

/** Returns an NLMSG_ERROR or NLMSG_DONE: nlmsghdr, then the negated 32-bit errno. */
export function control(request: Message, type: number, code: number): Uint8Array {
  const out = Buffer.alloc(20);
  out.writeUInt32LE(20, 0);
  out.writeUInt16LE(type, 4);
  out.writeUInt32LE(request.sequence, 8);
  out.writeInt32LE(-code, 16);
  return out;
}
