import {
  aligned,
  bytes,
  type Codec,
  decodeAttributes,
  encodeAttributes,
  flagsAndMask,
  nested,
  s32,
  text,
  u8,
  u16,
  u16be,
  u32,
  u32counter,
  u64,
} from '../../src/netlink/attribute';
import { AttributeError } from '../../src/netlink/errors';
import { hex, toHex } from '../helpers/hex';

const inner = { weight: [4, s32], port: [2, u16be] } as const;
const table = {
  family: [1, u16],
  name: [6, text],
  server: [2, nested(inner)],
} as const;

describe('a codec writes and reads', () => {
  // biome-ignore lint/suspicious/noExplicitAny: codecs of different values
  const rows: readonly (readonly [string, Codec<any>, unknown, string])[] = [
    ['eight bits', u8, 255, 'ff'],
    ['sixteen bits in host order', u16, 10, '0a00'],
    ['sixteen bits in network order', u16be, 8080, '1f90'],
    ['thirty-two bits in host order', u32, 0x010201, '01020100'],
    ['the largest unsigned number', u32, 0xffffffff, 'ffffffff'],
    ['a negative number', s32, -2, 'feffffff'],
    ['a counter of thirty-two bits', u32counter, 4294967295n, 'ffffffff'],
    ['a counter of sixty-four bits', u64, 4294967297n, '0100000001000000'],
    ['the largest counter', u64, 18446744073709551615n, 'ffffffffffffffff'],
    ['flags with their mask', flagsAndMask, { flags: 5, mask: 0xffffffff }, '05000000ffffffff'],
    ['bytes as they are', bytes, Uint8Array.of(192, 0, 2, 1), 'c0000201'],
    ['text with its NUL', text, 'wlc', '776c6300'],
    ['empty text', text, '', '00'],
    ['text that is not ASCII, a byte a character', text, '\xe9\xff', 'e9ff00'],
    ['a nest', nested(inner), { weight: 1, port: 80 }, '08000400010000000600020000500000'],
  ];
  test.each(rows)('%s', (_name, codec, value, expected) => {
    expect({ bytes: toHex(codec.encode(value)), value: codec.decode(hex(expected)) }).toEqual({
      bytes: expected,
      value,
    });
  });
});

describe('a payload that is too short is refused:', () => {
  // biome-ignore lint/suspicious/noExplicitAny: codecs of different values
  const rows: readonly (readonly [string, Codec<any>, string])[] = [
    ['u8', u8, ''],
    ['u16', u16, '01'],
    ['u16be', u16be, '01'],
    ['u32', u32, '010203'],
    ['s32', s32, '010203'],
    ['u32counter', u32counter, '010203'],
    ['u64', u64, '01020304050607'],
    ['flagsAndMask', flagsAndMask, '01020304'],
  ];
  test.each(rows)('%s', (_name, codec, payload) => {
    expect(() => codec.decode(hex(payload))).toThrow(AttributeError);
  });
});

test('reads text up to its NUL, or to the end if there is none', () => {
  expect(['72720078', '7272', ''].map((payload) => text.decode(hex(payload)))).toEqual(['rr', 'rr', '']);
});

test('copies bytes, as the receive buffer is reused', () => {
  const buffer = hex('c0000201');
  const decoded = bytes.decode(buffer);
  buffer.fill(0);
  expect(toHex(decoded)).toBe('c0000201');
});

describe('attributes are written', () => {
  test.each([
    [
      'in the order of the values, padded to four bytes',
      { name: 'rr', family: 2 },
      '0700 0600 727200 00 0600 0100 0200 0000',
    ],
    ['without those that are undefined', { family: undefined, name: '' }, '0500 0600 00 000000'],
    ['with NLA_F_NESTED on nests', { server: { port: 80 } }, '0c00 0280 0600 0200 0050 0000'],
    ['as nothing if there are none', {}, ''],
  ] as const)('%s', (_name, values, expected) => {
    expect(toHex(encodeAttributes(table, values))).toBe(toHex(hex(expected)));
  });
});

describe('attributes are read', () => {
  test.each([
    ['with those that are not known passed over', '0600 0100 0a00 0000 0800 ff3f 01020304', { family: 10 }],
    [
      'with nests that have no NLA_F_NESTED, as the kernel sends them',
      '0c00 0200 0600 0200 0050 0000',
      { server: { port: 80 } },
    ],
    ['with nests that have it', '0c00 0280 0600 0200 0050 0000', { server: { port: 80 } }],
    ['with NLA_F_NET_BYTEORDER passed over', '0600 0140 0200 0000', { family: 2 }],
    ['without the padding of the last one', '0600 0100 0200', { family: 2 }],
    ['longer than they need be', '0800 0100 0200ffff', { family: 2 }],
    ['with the last of two of a kind', '0600 0100 0200 0000 0600 0100 0a00 0000', { family: 10 }],
    ['from an empty payload', '', {}],
  ] as const)('%s', (_name, payload, expected) => {
    expect(decodeAttributes(table, hex(payload))).toEqual(expected);
  });
});

describe('attributes are refused', () => {
  test.each([
    ['with a length below their header', '0300 0100 0200 0000'],
    ['with a length past the end', '0900 0100 0200 0000'],
    ['with a length past the end of their nest', '0c00 0200 0900 0200 0050 0000'],
    ['with a payload that is too short', '0500 0100 02 000000'],
    ['with a payload in a nest that is too short', '0c00 0200 0600 0400 0100 0000'],
  ] as const)('%s', (_name, payload) => {
    expect(() => decodeAttributes(table, hex(payload))).toThrow(AttributeError);
  });
});

test('rounds lengths up to four bytes', () => {
  expect([0, 1, 4, 5, 7, 8].map(aligned)).toEqual([0, 4, 4, 8, 8, 8]);
});
