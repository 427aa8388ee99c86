import { formatEndpoint, formatListedEndpoint, formatProtocol } from '../../src/format/endpoint';
import { AF_INET, AF_INET6, parseAddress } from '../../src/model/address';
import { testNames } from '../helpers/test-names';

const at = (text: string, port: number) => {
  const address = parseAddress(text)!;
  return { family: address.length === 4 ? AF_INET : AF_INET6, address, port } as const;
};

describe('an endpoint', () => {
  test.each([
    ['is numeric', at('192.0.2.10', 80), 6, false, '192.0.2.10:80'],
    ['has brackets around IPv6', at('2001:db8::1', 443), 6, false, '[2001:db8::1]:443'],
    ['has names', at('192.0.2.10', 80), 6, true, 'vip.test:http'],
    ['keeps the numbers that have no names', at('192.0.2.11', 81), 6, true, '192.0.2.11:81'],
    ['has the service names of its protocol only', at('192.0.2.11', 80), 17, true, '192.0.2.11:80'],
    ['has no service name without a protocol', at('192.0.2.10', 80), 0, true, 'vip.test:80'],
    [
      'keeps the brackets around the name of an IPv6 host',
      at('2001:db8::1', 80),
      6,
      true,
      '[a-very-long-ipv6-server-name-indeed.some.example.com]:http',
    ],
  ] as const)('%s', (_name, endpoint, protocol, named, expected) => {
    expect(formatEndpoint(endpoint, protocol, named ? testNames : undefined)).toBe(expected);
  });

  test('is truncated to 59 bytes in listings only', () => {
    const endpoint = at('2001:db8::1', 443);
    expect([formatListedEndpoint(endpoint, 6, testNames), formatEndpoint(endpoint, 6, testNames)]).toEqual([
      '[a-very-long-ipv6-server-name-indeed.some.example.com]:http',
      '[a-very-long-ipv6-server-name-indeed.some.example.com]:https',
    ]);
  });
});

test('protocols that IPVS does not balance are a question mark', () => {
  expect([6, 17, 132, 0, 1].map(formatProtocol)).toEqual(['TCP', 'UDP', 'SCTP', '?', '?']);
});
