import { IpvsClient } from '../../src/ipvs/client';
import { addressService, fwmarkService, realServer, virtualService } from '../../src/library/builders';
import { FakeKernel } from '../helpers/fake-kernel';

const web = addressService('tcp', '192.0.2.10', 80);

test.each([
  [
    'an IPv4 service',
    web,
    { kind: 'address', protocol: 6, family: 2, address: Uint8Array.of(192, 0, 2, 10), port: 80 },
  ],
  [
    'an IPv6 service',
    addressService('sctp', '2001:db8::1', 2905),
    {
      kind: 'address',
      protocol: 132,
      family: 10,
      address: Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      port: 2905,
    },
  ],
  ['a firewall mark', fwmarkService(4294967295, 10), { kind: 'fwmark', fwmark: 4294967295, family: 10 }],
])('%s', (_name, key, expected) => {
  expect(key).toEqual(expected);
});

/** What only JavaScript lets a user write. */
function misspelled(settings: object): object {
  return settings;
}

test.each([
  [() => addressService('tcp', 'localhost', 80), new TypeError('localhost: not an IPv4 or IPv6 address')],
  [
    () => addressService('tcp', '192.0.2.10', 65536),
    new RangeError('65536: a port must be an integer from 0 to 65535'),
  ],
  [() => realServer('10.0.0.256', 80), new TypeError('10.0.0.256: not an IPv4 or IPv6 address')],
  [() => realServer('10.0.0.1', 1.5), new RangeError('1.5: a port must be an integer from 0 to 65535')],
  [() => fwmarkService(0), new RangeError('0: a firewall mark must be an integer from 1 to 4294967295')],
  [() => fwmarkService(1, 3 as 2), new RangeError('3: an address family must be AF_INET or AF_INET6')],
  [
    () => addressService('tpc' as 'tcp', '192.0.2.10', 80),
    new TypeError("'tpc': not a protocol that IPVS balances: did you mean 'tcp'?"),
  ],
  [
    () => addressService('http' as 'tcp', '192.0.2.10', 80),
    new TypeError("'http': not a protocol that IPVS balances: known: tcp, udp, sctp"),
  ],
  [
    () => addressService(6 as unknown as 'tcp', '192.0.2.10', 80),
    new TypeError('6: not a protocol that IPVS balances: known: tcp, udp, sctp'),
  ],
  [
    () => virtualService(web, misspelled({ schedular: 'rr' })),
    new TypeError("schedular: not a setting of a virtual service: did you mean 'scheduler'?"),
  ],
  [
    () => virtualService(web, misspelled({ key: web })),
    new TypeError(
      'key: not a setting of a virtual service: known: scheduler, flags, timeout, netmask, persistenceEngine',
    ),
  ],
  [
    () => virtualService(web, { scheduler: 'weighted-round-robin' }),
    new TypeError("scheduler: 'weighted-round-robin': must be a name of at most 15 characters"),
  ],
  [
    () => realServer('10.0.0.1', 80, misspelled({ forwarding: undefined })),
    new TypeError('forwarding: undefined: must be one of masquerading, local, tunneling, gatewaying'),
  ],
  [
    () => realServer('10.0.0.1', 80, { weight: -1 }),
    new RangeError('weight: -1: must be an integer from 0 to 2147483647'),
  ],
  [
    () => realServer('10.0.0.1', 80, misspelled({ tunnel: { type: 1, prot: 6080, flags: 0 } })),
    new TypeError("prot: not a setting of a tunnel: did you mean 'port'?"),
  ],
  [
    () => realServer('10.0.0.1', 80, misspelled({ tunnel: { type: 1, flags: 0 } })),
    new TypeError('tunnel: port is missing'),
  ],
])('invalid values are refused before the kernel is involved: %#', (make, error) => {
  expect(make).toThrow(error);
});

test('values that are not given have the defaults of the command', () => {
  expect(virtualService(web)).toEqual({
    key: web,
    scheduler: 'wlc',
    flags: 0,
    timeout: 0,
    netmask: 0xffffffff,
    persistenceEngine: '',
  });
  expect(virtualService(fwmarkService(7, 10), { timeout: 300 })).toMatchObject({ flags: 1, netmask: 128 });
  const { address, ...server } = realServer('10.0.0.17', 8080);
  expect(address).toEqual(Uint8Array.of(10, 0, 0, 17));
  expect(server).toEqual({
    family: 2,
    port: 8080,
    forwarding: 3,
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: { type: 0, port: 0, flags: 0 },
  });
});

test('a listed server with a change can be passed to editServer', () => {
  const ipvs = new IpvsClient(new FakeKernel().open());
  ipvs.addService(virtualService(web));
  ipvs.addServer(web, realServer('10.0.0.17', 8080, { weight: 3 }));
  const [server] = ipvs.servers(web);
  ipvs.editServer(web, { ...server!, weight: 0 });
  expect(ipvs.servers(web).map(({ port, weight }) => [port, weight])).toEqual([[8080, 0]]);
});
