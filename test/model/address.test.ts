import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import {
  addressWord,
  formatAddress,
  formatIpv6,
  ipv4FromWord,
  parseAddress,
  parseDottedQuad,
  parseIpv6,
} from '../../src/model/address';
import { hex, toHex } from '../helpers/hex';

const sixteenBytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
/** Addresses with many zero groups, where the abbreviations are. */
const sparse = fc
  .array(fc.oneof(fc.constant(0), fc.constant(0xffff), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255])));

describe('IPv6 text is that of glibc:', () => {
  test.each([
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['0000000000000000000000000000ffff', '::ffff'],
    ['00000000000000000000000000010000', '::0.1.0.0'],
    ['00000000000000000000000001020304', '::1.2.3.4'],
    ['00000000000000000000ffff00000000', '::ffff:0.0.0.0'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    ['0064ff9b000000000000000001020304', '64:ff9b::102:304'],
    ['00010000000200000003000000040000', '1:0:2:0:3:0:4:0'],
    ['00000001000000000001000000000001', '0:1::1:0:0:1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8000100000000000000000000', '2001:db8:1::'],
    ['ABCDEF01234567890000000000000000'.toLowerCase(), 'abcd:ef01:2345:6789::'],
    ['00000008000000000000000000000000', '0:8::'],
  ])('%s is %s', (bytes, text) => {
    expect({ text: formatIpv6(hex(bytes)), bytes: toHex(parseIpv6(text)!) }).toEqual({ text, bytes });
  });
});

test('every address is parsed back from its text', () => {
  fc.assert(
    fc.property(fc.oneof(sixteenBytes, sparse, fc.uint8Array({ minLength: 4, maxLength: 4 })), (address) => {
      expect(parseAddress(formatAddress(address))).toEqual(address);
    }),
    { numRuns: 1000 },
  );
});

test('generated IPv6 texts are parsed correctly', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const address = parseIpv6(text);
      expect(address && parseIpv6(formatIpv6(address))).toEqual(address);
      expect(address?.length).toBe(16);
    }),
    { numRuns: 1000 },
  );
});

describe('not an IPv6 address:', () => {
  test.each([
    '',
    ':',
    ':::',
    '1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '1::2::3',
    '12345::',
    'g::',
    '::1%lo',
    '[::1]',
    ' ::1',
    '::1 ',
    '::1.2.3',
    '::1.2.3.256',
    '1.2.3.4::',
    '1.2.3.4',
    '::1.2.3.4:5',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
  ])('%j', (text) => {
    expect(parseIpv6(text)).toBeUndefined();
  });
});

describe('not a dotted quad:', () => {
  test.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.-4',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    '1..3.4',
  ])('%j', (text) => {
    expect(parseDottedQuad(text)).toBeUndefined();
  });
});

test('dotted quads are those that inet_pton takes', () => {
  const part = fc.oneof(
    { weight: 5, arbitrary: fc.nat({ max: 255 }).map(String) },
    fc.constantFrom('', '00', '01', '256', '300', '1000', '0', 'a', '-1', ' 1', '٣'),
  );
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(part, part, part, part).map((parts) => parts.join('.')) },
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.')),
  );
  let right = 0;
  fc.assert(
    fc.property(text, (one) => {
      const address = parseDottedQuad(one);
      expect(address && formatAddress(address)).toBe(isIPv4(one) ? one : undefined);
      if (address) right += 1;
    }),
    { numRuns: 2000 },
  );
  expect(right).toBeGreaterThan(200);
});

test('addresses that share memory do not change each other', () => {
  const words = Array.from({ length: 3000 }, (_, index) => index * 65537);
  expect(words.map(ipv4FromWord).map((address) => addressWord(address, 0))).toEqual(words);
});

test('words of an address are unsigned, and 0 beyond its end', () => {
  const ipv6 = hex('ffffffff 00000001 80000000 01020304');
  expect([0, 4, 8, 12].map((offset) => addressWord(ipv6, offset))).toEqual([
    0xffffffff, 1, 0x80000000, 0x01020304,
  ]);
  expect([0, 4, 12].map((offset) => addressWord(hex('c0000201'), offset))).toEqual([0xc0000201, 0, 0]);
});

test('a word makes an IPv4 address', () => {
  expect([0, 0xc0000201, 0xffffffff].map((word) => toHex(ipv4FromWord(word)))).toEqual([
    '00000000',
    'c0000201',
    'ffffffff',
  ]);
});
