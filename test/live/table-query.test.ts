import { parseServiceTarget } from '../../src/live/table-query';
import { AF_INET6, parseAddress } from '../../src/model/address';

const address = parseAddress('192.0.2.10')!;

test.each([
  ['192.0.2.10', { address, port: undefined, protocol: undefined }],
  ['192.0.2.10:80', { address, port: 80, protocol: undefined }],
  ['tcp:192.0.2.10:80', { address, port: 80, protocol: 6 }],
  ['udp:192.0.2.10', { address, port: undefined, protocol: 17 }],
  ['sctp:[2001:db8::1]:53', { address: parseAddress('2001:db8::1'), port: 53, protocol: 132 }],
  ['2001:db8::1', { address: parseAddress('2001:db8::1'), port: undefined, protocol: undefined }],
  ['fwmark:7', { fwmark: 7, family: undefined }],
  ['fwmark:7:ipv6', { fwmark: 7, family: AF_INET6 }],
])('%s', (text, target) => {
  expect(parseServiceTarget(text)).toEqual(target);
});

test.each([
  '',
  'tcp:',
  'gre:192.0.2.10:80',
  '192.0.2.10:70000',
  'fwmark:',
  'fwmark:7:ipv5',
  'web',
  '192.0.2',
])('%j names no service', (text) => {
  expect(parseServiceTarget(text)).toBeUndefined();
});
