/** The hash functions of the schedulers. Numbers are unsigned, 32 bits. */
import { addressWord } from '../model/address';

/** The multiplier of the kernel's hash_32 (include/linux/hash.h): 2^32 divided by the golden ratio. */
const GOLDEN_RATIO = 0x61c88647;

/** The upper `bits` of the product: the kernel's hash_32. */
export function hash32(value: number, bits: number): number {
  return Math.imul(value, GOLDEN_RATIO) >>> (32 - bits);
}

/** The words of an address, xor'ed. */
export function folded(address: Uint8Array): number {
  let word = 0;
  for (let at = 0; at < address.length; at += 4) word ^= addressWord(address, at);
  return word >>> 0;
}

const ALL = (1n << 64n) - 1n;
const rotated = (word: bigint, by: bigint) => ((word << by) | (word >> (64n - by))) & ALL;

/**
 * SipHash-1-3 of one 32-bit number, its lower 32 bits: what hsiphash is on 64-bit kernels (lib/siphash.c,
 * after the SipHash paper of Aumasson and Bernstein).
 * @param key each half of the 128-bit key.
 */
export function sipHash13(value: number, key: bigint): number {
  let v0 = 0x736f6d6570736575n ^ key;
  let v1 = 0x646f72616e646f6dn ^ key;
  let v2 = 0x6c7967656e657261n ^ key;
  let v3 = 0x7465646279746573n ^ key;
  const round = () => {
    v0 = (v0 + v1) & ALL;
    v1 = rotated(v1, 13n) ^ v0;
    v0 = rotated(v0, 32n);
    v2 = (v2 + v3) & ALL;
    v3 = rotated(v3, 16n) ^ v2;
    v0 = (v0 + v3) & ALL;
    v3 = rotated(v3, 21n) ^ v0;
    v2 = (v2 + v1) & ALL;
    v1 = rotated(v1, 17n) ^ v2;
    v2 = rotated(v2, 32n);
  };
  const block = (4n << 56n) | BigInt(value >>> 0); // the length in bytes, and the bytes
  v3 ^= block;
  round();
  v0 ^= block;
  v2 ^= 0xffn;
  for (let turn = 0; turn < 3; turn++) round();
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffffffffn);
}
