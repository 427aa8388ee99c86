import fc from 'fast-check';
import {
  parseEndpoint,
  parseInetAton,
  parseIpv4OrName,
  parseMulticastGroup,
  parseNumber,
  parsePrefixLength,
} from '../../src/command-line/values';
import { formatAddress } from '../../src/model/address';
import { testNames } from '../helpers/test-names';

describe('a number', () => {
  test.each([
    ['5', 5],
    ['010', 10],
    ['+7', 7],
    [' 7', 7],
    ['\t\n\v\f\r 7', 7],
    ['-0', 0],
    ['65535', 65535],
    ['0000000000000000000000065535', 65535],
    ['65536', undefined],
    ['-1', undefined],
    ['99999999999999999999', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['5.0', undefined],
    ['7 ', undefined],
    ['+ 7', undefined],
    ['+-7', undefined],
    ['', undefined],
    [' ', undefined],
    ['abc', undefined],
    ['\xa07', undefined],
  ] as const)('%j is %p', (text, expected) => {
    expect(parseNumber(text, 0, 65535)).toBe(expected);
  });
});

describe('an IPv6 prefix length', () => {
  test.each([
    ['64', 64],
    [' 64', 64],
    ['64abc', 64],
    ['+128', 128],
    ['0', undefined],
    ['129', undefined],
    ['-1', undefined],
    ['abc', undefined],
    ['0x40', undefined],
    ['', undefined],
    ['4294967360', undefined], // 64 to C, which wraps at 2^32
  ] as const)('%j is %p', (text, expected) => {
    expect(parsePrefixLength(text)).toBe(expected);
  });
});

describe('inet_aton', () => {
  test.each([
    ['1.2.3.4', '1.2.3.4'],
    ['10.1', '10.0.0.1'],
    ['10.1.258', '10.1.1.2'],
    ['16909060', '1.2.3.4'],
    ['4294967295', '255.255.255.255'],
    ['012.1.2.3', '10.1.2.3'],
    ['0X10.1.1.1', '16.1.1.1'],
    ['0xffffffff', '255.255.255.255'],
    ['1.2.3.4 foo', '1.2.3.4'],
    ['1.2.3.4\tfoo', '1.2.3.4'],
    ['1.2.65535', '1.2.255.255'],
    ['0', '0.0.0.0'],
    ['1.2.65536', undefined],
    ['256.1.1.1', undefined],
    ['4294967296', undefined],
    ['08.1.1.1', undefined],
    ['1.2.3.', undefined],
    ['.1.2.3', undefined],
    ['0x.1', undefined],
    ['1.2.3.4.5', undefined],
    [' 1.2.3.4', undefined],
    ['+1.2.3.4', undefined],
    ['1.2.3.4x', undefined],
    ['', undefined],
  ] as const)('of %j is %p', (text, expected) => {
    const address = parseInetAton(text);
    expect(address && formatAddress(address)).toBe(expected);
  });

  test('accepts every dotted quad', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(formatAddress(parseInetAton(text)!)).toBe(text);
      }),
    );
  });
});

test('an IPv4 mask may be a host name', () => {
  expect([parseIpv4OrName('vip.test', testNames), parseIpv4OrName('nosuch.test', testNames)]).toEqual([
    Uint8Array.of(192, 0, 2, 10),
    undefined,
  ]);
});

describe('ADDRESS[:PORT]', () => {
  const TCP = 6;
  const UDP = 17;
  test.each([
    ['1.2.3.4:80', TCP, '1.2.3.4 port 80'],
    ['1.2.3.4', TCP, '1.2.3.4'],
    ['1.2.3.4:0', TCP, '1.2.3.4 port 0'],
    ['1.2.3.4:http', TCP, '1.2.3.4 port 80'],
    ['1.2.3.4:www', TCP, '1.2.3.4 port 80'],
    ['1.2.3.4:http', UDP, undefined],
    ['1.2.3.4:HTTP', TCP, undefined],
    ['1.2.3.4:http', 0, undefined],
    ['1.2.3.4:80', 0, '1.2.3.4 port 80'],
    ['1.2.3.4:65536', TCP, undefined],
    ['1.2.3.4:', TCP, undefined],
    ['1.2.3.4 foo:80', TCP, '1.2.3.4 port 80'],
    ['10.1:80', TCP, '10.0.0.1 port 80'],
    ['vip.test:80', TCP, '192.0.2.10 port 80'],
    ['nosuch.test:80', TCP, undefined],
    ['80', TCP, undefined],
    ['000', TCP, undefined],
    ['', TCP, undefined],
    ['[2001:db8::1]:80', TCP, '2001:db8::1 port 80'],
    ['[2001:db8::1]:https', TCP, '2001:db8::1 port 443'],
    ['[2001:db8::1]', TCP, undefined],
    ['[2001:db8::1]80', TCP, undefined],
    ['[2001:db8::1', TCP, undefined],
    ['2001:db8::1', TCP, '2001:db8::1'],
    ['2001:db8::1:80', TCP, '2001:db8::1:80'],
    ['fe80::1%lo', TCP, undefined],
    ['[1.2.3.4]:80', TCP, '1.2.3.4'],
    ['[1.2.3.4:80]:90', TCP, '1.2.3.4 port 80'],
    ['[vip.test]:80', TCP, '192.0.2.10'],
  ] as const)('%j for protocol %i is %p', (text, protocol, expected) => {
    const endpoint = parseEndpoint(text, protocol, testNames);
    const port = endpoint?.port === undefined ? '' : ` port ${endpoint.port}`;
    expect(endpoint && `${formatAddress(endpoint.address)}${port}`).toBe(expected);
  });

  test('has the family of its address', () => {
    expect(
      ['1.2.3.4:80', '[2001:db8::1]:80'].map((text) => parseEndpoint(text, TCP, testNames)?.family),
    ).toEqual([2, 10]);
  });
});

describe('a multicast group', () => {
  test.each([
    ['224.0.0.0', '224.0.0.0'],
    ['239.255.255.255', '239.255.255.255'],
    ['ff02::99', 'ff02::99'],
    ['223.255.255.255', undefined],
    ['240.0.0.0', undefined],
    ['0340.0.0.1', undefined],
    ['224.1', undefined],
    ['224.0.0.01', undefined],
    ['fe80::1', undefined],
    ['ff02::1%lo', undefined],
    ['all-hosts.test', undefined],
    ['', undefined],
  ] as const)('%j is %p', (text, expected) => {
    const group = parseMulticastGroup(text);
    expect(group && formatAddress(group)).toBe(expected);
  });
});
