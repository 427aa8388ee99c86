import fc from 'fast-check';
import { AF_INET, AF_INET6, formatAddress, parseAddress } from '../../src/model/address';
import { compareServers, compareServices, sortLikeC } from '../../src/model/order';
import type { RealServer } from '../../src/model/real-server';
import type { ServiceKey, VirtualService } from '../../src/model/virtual-service';

const service = (key: ServiceKey): VirtualService => ({
  key,
  scheduler: 'rr',
  flags: 0,
  timeout: 0,
  netmask: 0,
  persistenceEngine: '',
});
const endpointOf = (text: string) => {
  const address = parseAddress(text)!;
  return { family: address.length === 4 ? AF_INET : AF_INET6, address } as const;
};
const at = (text: string, port = 80, protocol = 6) =>
  service({ kind: 'address', protocol, ...endpointOf(text), port });
const marked = (fwmark: number, family: typeof AF_INET | typeof AF_INET6 = AF_INET) =>
  service({ kind: 'fwmark', fwmark, family });
const server = (text: string, port = 80): RealServer => ({
  ...endpointOf(text),
  port,
  forwarding: 0,
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: { type: 0, port: 0, flags: 0 },
});

describe('the first service precedes the second:', () => {
  test.each([
    ['address before mark', at('1.2.3.4'), marked(1)],
    ['mark 4294967295 before addresses, its difference wraps', marked(4294967295), at('1.2.3.4')],
    ['smaller mark', marked(7), marked(8)],
    ['mark more than 2^31 larger', marked(2 ** 31 + 2), marked(1)],
    ['IPv4 before IPv6', at('255.255.255.255'), at('::1')],
    ['IPv4 mark before IPv6 mark', marked(7), marked(7, AF_INET6)],
    ['TCP before UDP', at('9.9.9.9', 80, 6), at('1.1.1.1', 80, 17)],
    ['UDP before SCTP', at('9.9.9.9', 80, 17), at('1.1.1.1', 80, 132)],
    ['smaller address', at('1.2.3.4'), at('1.2.3.5')],
    ['192.168 before 10, the difference wraps', at('192.168.0.1'), at('10.0.0.1')],
    ['255.255.255.255 before 1.2.3.5', at('255.255.255.255'), at('1.2.3.5')],
    ['smaller second word of IPv6', at('2001:db8:0:1::'), at('2001:db8:0:2::')],
    ['smaller last word of IPv6', at('2001:db8::1'), at('2001:db8::2')],
    ['smaller port', at('1.2.3.4', 80), at('1.2.3.4', 443)],
  ])('%s', (_name, first, second) => {
    expect([compareServices(first, second) < 0, compareServices(second, first) > 0]).toEqual([true, true]);
  });
});

describe('the first real server precedes the second:', () => {
  test.each([
    ['smaller address', server('10.0.0.1'), server('10.0.0.2')],
    ['families mix by their first word', server('10.9.8.7'), server('2001:db8::2')],
    ['IPv6 before IPv4 of a larger first word', server('2001:db8::2'), server('127.0.0.1')],
    ['smaller port', server('10.0.0.1', 80), server('10.0.0.1', 8080)],
  ])('%s', (_name, first, second) => {
    expect([compareServers(first, second) < 0, compareServers(second, first) > 0]).toEqual([true, true]);
  });

  test('the family of the first one determines how many words are compared', () => {
    const ipv4 = server('32.1.13.184', 1);
    const ipv6 = server('2001:db8::5', 1);
    expect([compareServers(ipv4, ipv6), compareServers(ipv6, ipv4)]).toEqual([0, 5]);
  });
});

test.each([
  [
    ['10.0.0.1', '100.0.0.1', '192.0.0.1'],
    ['10.0.0.1', '100.0.0.1', '192.0.0.1'],
  ],
  [
    ['192.0.0.1', '100.0.0.1', '10.0.0.1'],
    ['192.0.0.1', '10.0.0.1', '100.0.0.1'],
  ],
])('the order is not total and depends on the dump: %j becomes %j', (dumped, sorted) => {
  const servers = sortLikeC(
    dumped.map((text) => server(text)),
    compareServers,
  );
  expect(servers.map(({ address }) => formatAddress(address))).toEqual(sorted);
});

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((text) => formatAddress(parseAddress(text)!)),
);
const key = fc.oneof(
  fc
    .tuple(address, fc.nat(65535), fc.constantFrom(6, 17, 132))
    .map(([text, port, protocol]) => at(text, port, protocol)),
  fc
    .tuple(fc.integer({ min: 1, max: 0xffffffff }), fc.constantFrom(AF_INET, AF_INET6))
    .map(([fwmark, family]) => marked(fwmark, family)),
);

/**
 * The definition: differences modulo 2^32, in the order of the fields; 2^31 and more means smaller.
 */
function definedSign(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = (((value - b[index]!) % 2 ** 32) + 2 ** 32) % 2 ** 32;
    if (difference !== 0) return difference >= 2 ** 31 ? -1 : 1;
  }
  return 0;
}

function wordsOf(bytes: Uint8Array): number[] {
  const padded = Buffer.alloc(16);
  padded.set(bytes);
  return [0, 4, 8, 12].map((offset) => padded.readUInt32BE(offset));
}

function fieldsOf({ key }: VirtualService): number[] {
  return key.kind === 'fwmark'
    ? [key.fwmark, key.family, 0, 0, 0, 0, 0, 0]
    : [0, key.family, key.protocol, ...wordsOf(key.address), key.port];
}

test('services compare as defined', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareServices(a, b))).toBe(definedSign(fieldsOf(a), fieldsOf(b)));
    }),
    { numRuns: 2000 },
  );
});

test('real servers compare as defined', () => {
  const endpoint = fc.tuple(address, fc.nat(65535)).map(([text, port]) => server(text, port));
  fc.assert(
    fc.property(endpoint, endpoint, (a, b) => {
      const count = a.family === AF_INET6 ? 4 : 1;
      const fields = (one: RealServer) => [...wordsOf(one.address).slice(0, count), one.port];
      expect(Math.sign(compareServers(a, b))).toBe(definedSign(fields(a), fields(b)));
    }),
    { numRuns: 2000 },
  );
});

test('sorting by a total order is a stable sort, and leaves its input alone', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat())), (pairs) => {
      const before = structuredClone(pairs);
      const sorted = sortLikeC(pairs, ([a], [b]) => a - b);
      expect(sorted).toEqual([...before].sort(([a], [b]) => a - b));
      expect(pairs).toEqual(before);
    }),
  );
});

test('sorting by no order at all merges as glibc’s qsort does', () => {
  // Rock, paper, scissors: 0 before 1 before 2 before 0.
  const beats = (a: number, b: number) => (a === b ? 0 : (b - a + 3) % 3 === 1 ? -1 : 1);
  expect([
    sortLikeC([0, 1, 2], beats),
    sortLikeC([2, 1, 0], beats),
    sortLikeC([0, 2, 1, 0, 2], beats),
  ]).toEqual([
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 2, 0, 0],
  ]);
});
