/** The keys of the services that keepalived makes (ipvswrapper.c). */
import { formatAddress } from '../../model/address';
import type { Word } from '../source/collect';
import type { Endpoint, FamilyName, VirtualServer } from './model';

export type Key =
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: FamilyName; readonly word: Word }
  | {
      readonly kind: 'address';
      readonly protocol: string;
      readonly address: string;
      readonly family: FamilyName;
      readonly port: number;
      readonly word: Word;
      readonly portWord: Word;
    };

export function keyOf(own: VirtualServer, endpoint: Endpoint, index: number): Key & { kind: 'address' } {
  const { family, port, word, portWord } = endpoint;
  const address = formatAddress(index === 0 ? endpoint.address : following(endpoint.address, index));
  return { kind: 'address', protocol: own.protocol?.value ?? 'udp', address, family, port, word, portWord };
}

/** Mark 0 is none: keepalived uses the address that it takes for an error (utils.h, inet_sockaddrip4). */
export function zeroKey(own: VirtualServer, word: Word): Key & { kind: 'address' } {
  const family = own.family!.value;
  return {
    kind: 'address',
    protocol: own.protocol?.value ?? 'udp',
    address: family === 'ipv4' ? '255.255.255.255' : '::',
    family,
    port: 0,
    word,
    portWord: word,
  };
}

/**
 * Mark 0 in a group: keepalived adds a service of address 0, with the protocol of the group's
 * addresses. Without any it has no protocol, and the key is undefined.
 */
export function zeroKeyInGroup(own: VirtualServer, family: FamilyName, word: Word): Key | undefined {
  const address = family === 'ipv4' ? '0.0.0.0' : '::';
  return (
    own.protocol && {
      kind: 'address',
      protocol: own.protocol.value,
      address,
      family,
      port: 0,
      word,
      portWord: word,
    }
  );
}

/** The address `index` after another one; of an IPv6 address only the last 16 bits change. */
function following(address: Uint8Array, index: number): Uint8Array {
  const bytes = Uint8Array.from(address);
  const stop = address.length === 16 ? 14 : 0;
  let carry = index;
  for (let at = bytes.length - 1; at >= stop && carry > 0; at--) {
    const sum = bytes[at]! + (carry & 255);
    bytes[at] = sum & 255;
    carry = Math.floor(carry / 256) + (sum >> 8);
  }
  return bytes;
}

export function nameOf(key: Key): string {
  return key.kind === 'fwmark'
    ? `fwmark ${key.mark} ${key.family}`
    : `${key.protocol} ${key.address} ${key.port}`;
}
