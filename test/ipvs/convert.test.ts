import {
  daemonFromAttributes,
  daemonToAttributes,
  infoFromAttributes,
  keyToAttributes,
  serverFromAttributes,
  serverKeyToAttributes,
  serverToAttributes,
  serviceFromAttributes,
  serviceToAttributes,
  timeoutsFromAttributes,
  timeoutsToAttributes,
} from '../../src/ipvs/convert';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import type { ListedServer, RealServer } from '../../src/model/real-server';
import { noStatistics } from '../../src/model/statistics';
import type { SyncDaemon } from '../../src/model/sync-daemon';
import type { ServiceKey, VirtualService } from '../../src/model/virtual-service';
import { AttributeError } from '../../src/netlink/errors';
import { hex } from '../helpers/hex';

const ipv4 = hex('c000020a 00000000 00000000 00000000');
const ipv6 = hex('20010db8 00000000 00000000 00000001');

describe('the key of a service', () => {
  test.each<[string, ServiceKey, ReturnType<typeof keyToAttributes>]>([
    [
      'with an IPv4 address fills sixteen bytes',
      { kind: 'address', protocol: 6, family: AF_INET, address: hex('c000020a'), port: 80 },
      { family: 2, protocol: 6, address: ipv4, port: 80 },
    ],
    [
      'with an IPv6 address',
      { kind: 'address', protocol: 17, family: AF_INET6, address: ipv6, port: 53 },
      { family: 10, protocol: 17, address: ipv6, port: 53 },
    ],
    [
      'with a firewall mark has no address',
      { kind: 'fwmark', fwmark: 4294967295, family: AF_INET6 },
      { family: 10, fwmark: 4294967295 },
    ],
  ])('%s', (_name, key, expected) => {
    expect(keyToAttributes(key)).toEqual(expected);
  });
});

describe('a service', () => {
  const key: ServiceKey = {
    kind: 'address',
    protocol: 6,
    family: AF_INET,
    address: hex('c000020a'),
    port: 80,
  };
  const service: VirtualService = {
    key,
    scheduler: 'wrr',
    flags: 0x05,
    timeout: 300,
    netmask: 0xffffff00,
    persistenceEngine: '',
  };
  const attributes = {
    family: 2,
    protocol: 6,
    address: ipv4,
    port: 80,
    scheduler: 'wrr',
    persistenceEngine: undefined,
    flags: { flags: 0x05, mask: 0xffffffff },
    timeout: 300,
    netmask: hex('ffffff00'),
  };

  test('has an IPv4 mask in network order', () => {
    expect(serviceToAttributes(service)).toEqual(attributes);
  });

  test('has an IPv6 prefix length in host order, and its engine', () => {
    const sip = {
      ...service,
      key: { kind: 'fwmark', fwmark: 7, family: AF_INET6 } as const,
      netmask: 64,
      persistenceEngine: 'sip',
    };
    expect(serviceToAttributes(sip)).toEqual({
      family: 10,
      fwmark: 7,
      scheduler: 'wrr',
      persistenceEngine: 'sip',
      flags: { flags: 0x05, mask: 0xffffffff },
      timeout: 300,
      netmask: hex('40000000'),
    });
  });

  test('is decoded unchanged, with statistics if there are any', () => {
    expect(serviceFromAttributes({ ...attributes, stats64: { ...noStatistics, connections: 5n } })).toEqual({
      ...service,
      statistics: { ...noStatistics, connections: 5n },
    });
  });

  test('has only the flags in the mask', () => {
    expect(serviceFromAttributes({ ...attributes, flags: { flags: 0x07, mask: 0x05 } }).flags).toBe(0x05);
  });

  test('with mark 0 is an address service', () => {
    expect(serviceFromAttributes({ ...attributes, fwmark: 0 }).key).toEqual(key);
  });

  test.each(['family', 'protocol', 'address', 'port', 'scheduler', 'flags', 'timeout', 'netmask'] as const)(
    'without %s is a malformed reply',
    (name) => {
      expect(() => serviceFromAttributes({ ...attributes, [name]: undefined })).toThrow(AttributeError);
    },
  );
});

describe('a real server', () => {
  const server: RealServer = {
    family: AF_INET6,
    address: ipv6,
    port: 8080,
    forwarding: 2,
    weight: 3,
    upperThreshold: 100,
    lowerThreshold: 50,
    tunnel: { type: 1, port: 6080, flags: 1 },
  };
  const attributes = {
    family: 10,
    address: ipv6,
    port: 8080,
    forwarding: 2,
    weight: 3,
    tunnelType: 1,
    tunnelPort: 6080,
    tunnelFlags: 1,
    upperThreshold: 100,
    lowerThreshold: 50,
  };
  const listed: ListedServer = {
    ...server,
    activeConnections: 7,
    inactiveConnections: 8,
    persistentConnections: 9,
    statistics: undefined,
  };
  const replied = { ...attributes, activeConnections: 7, inactiveConnections: 8, persistentConnections: 9 };

  test('is sent completely', () => {
    expect(serverToAttributes(server)).toEqual(attributes);
  });

  test('is identified by family, address and port', () => {
    expect(serverKeyToAttributes({ family: AF_INET, address: hex('c000020a'), port: 80 })).toEqual({
      family: 2,
      address: ipv4,
      port: 80,
    });
  });

  test('is decoded unchanged, with its connections', () => {
    expect(serverFromAttributes(replied, AF_INET)).toEqual(listed);
  });

  test('has the family of its service if an old kernel sends none', () => {
    const { family: _family, ...old } = { ...replied, address: ipv4 };
    expect(serverFromAttributes(old, AF_INET)).toEqual({
      ...listed,
      family: AF_INET,
      address: hex('c000020a'),
    });
  });

  test('has no tunnel data if an old kernel sends none', () => {
    const old = { ...replied, tunnelType: undefined, tunnelPort: undefined, tunnelFlags: undefined };
    expect(serverFromAttributes(old, AF_INET)).toEqual({ ...listed, tunnel: { type: 0, port: 0, flags: 0 } });
  });

  test('has counters of 64 bits in full', () => {
    const statistics = { ...noStatistics, connections: 4294967297n, connectionRate: 4294967298n };
    expect(serverFromAttributes({ ...replied, stats: noStatistics, stats64: statistics }, AF_INET)).toEqual({
      ...listed,
      statistics,
    });
  });

  test.each([
    'address',
    'port',
    'forwarding',
    'weight',
    'upperThreshold',
    'lowerThreshold',
    'activeConnections',
    'inactiveConnections',
    'persistentConnections',
  ] as const)('without %s is a malformed reply', (name) => {
    expect(() => serverFromAttributes({ ...replied, [name]: undefined }, AF_INET)).toThrow(AttributeError);
  });
});

describe('a sync daemon', () => {
  const base = { state: 1, interface: 'lo', syncId: 3 };
  const nothing = { maxLength: undefined, group: undefined, port: undefined, ttl: undefined };

  test.each<[string, SyncDaemon, ReturnType<typeof daemonToAttributes>]>([
    ['with the kernel’s defaults', { ...base, ...nothing }, { ...base, ...nothing, group6: undefined }],
    [
      'with an IPv4 group',
      { ...base, ...nothing, group: hex('e0000063'), port: 9000, ttl: 5, maxLength: 1400 },
      { ...base, maxLength: 1400, port: 9000, ttl: 5, group: hex('e0000063'), group6: undefined },
    ],
    ['with an IPv6 group', { ...base, ...nothing, group: ipv6 }, { ...base, ...nothing, group6: ipv6 }],
  ])('%s is encoded and decoded', (_name, daemon, attributes) => {
    expect({ sent: daemonToAttributes(daemon), back: daemonFromAttributes(attributes) }).toEqual({
      sent: attributes,
      back: daemon,
    });
  });

  test.each(['state', 'interface', 'syncId'] as const)('without %s is a malformed reply', (name) => {
    expect(() => daemonFromAttributes({ ...base, [name]: undefined })).toThrow(AttributeError);
  });
});

test('timeouts are encoded and decoded; missing ones are 0', () => {
  expect({
    sent: timeoutsToAttributes({ tcp: 900, tcpFin: 0, udp: 300 }),
    back: timeoutsFromAttributes({ timeoutTcpFin: 120 }),
  }).toEqual({
    sent: { timeoutTcp: 900, timeoutTcpFin: 0, timeoutUdp: 300 },
    back: { tcp: 0, tcpFin: 120, udp: 0 },
  });
});

test('the reply to GET_INFO requires both numbers', () => {
  expect(infoFromAttributes({ version: 0x010201, connectionTableSize: 4096 })).toEqual({
    version: 0x010201,
    connectionTableSize: 4096,
  });
  expect(() => infoFromAttributes({ version: 0x010201 })).toThrow(AttributeError);
});
