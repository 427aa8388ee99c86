/** The fixed headers of rtnetlink messages, and the structures in their attributes. */
import { HOST_IS_LITTLE_ENDIAN as host } from '../netlink/attribute';
import { INFINITY_LIFE_TIME } from './attributes';

/** struct ifinfomsg. */
export function linkHeader(index = 0, flags = 0, change = 0): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setInt32(4, index, host);
  view.setUint32(8, flags, host);
  view.setUint32(12, change, host);
  return new Uint8Array(view.buffer);
}

/** struct ifaddrmsg. */
export function addressHeader(family: number, prefix: number, index: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint8(0, family);
  view.setUint8(1, prefix);
  view.setUint32(4, index, host);
  return new Uint8Array(view.buffer);
}

/** struct ifa_cacheinfo: for how many seconds an address is preferred, and valid; without an end unless given. */
export function lives(preferred: number, valid = INFINITY_LIFE_TIME): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, preferred, host);
  view.setUint32(4, valid, host);
  return new Uint8Array(view.buffer);
}

/** struct rtmsg. */
export function routeHeader(family: number, prefix: number): Uint8Array {
  const header = new Uint8Array(12);
  header[0] = family;
  header[1] = prefix;
  return header;
}

/** struct ndmsg. */
export function neighbourHeader(family: number, index: number, state: number, flags: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint8(0, family);
  view.setInt32(4, index, host);
  view.setUint16(8, state, host);
  view.setUint8(10, flags);
  return new Uint8Array(view.buffer);
}
