/**
 * fast-check arbitraries for tables: anything the kernel accepts, with few keys, so that two tables
 * overlap.
 */
import fc from 'fast-check';
import { AF_INET, AF_INET6, type Family, parseAddress } from '../../src/model/address';
import { forwardingMethods, type RealServer } from '../../src/model/real-server';
import type { SyncDaemon } from '../../src/model/sync-daemon';
import {
  hostNetmask,
  type ServiceKey,
  serviceFlags,
  type VirtualService,
} from '../../src/model/virtual-service';
import {
  type ServiceState,
  serverName,
  serviceName,
  type WholeState,
} from '../../src/state/table/table-state';

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const endpoint = (addresses: readonly string[], ports: readonly number[]) =>
  fc.record({ address: pick(...addresses), port: pick(...ports) }).map(({ address, port }) => {
    const bytes = parseAddress(address)!;
    return { family: (bytes.length === 4 ? AF_INET : AF_INET6) as Family, address: bytes, port };
  });

const key: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc
    .tuple(endpoint(['192.0.2.1', '192.0.2.2', '2001:db8::1'], [80, 443, 0]), pick(6, 17, 132))
    .map(([end, protocol]) => ({ kind: 'address' as const, protocol, ...end })),
  fc.record({
    kind: fc.constant('fwmark' as const),
    fwmark: pick(1, 0xffffffff),
    family: pick<Family>(AF_INET, AF_INET6),
  }),
);

const flagBits = fc
  .subarray([serviceFlags.persistent, serviceFlags.onePacket, 0x08, 0x10, 0x20, 0x40, 0x80000000])
  .map((bits) => bits.reduce((all, bit) => (all | bit) >>> 0, 0));

const service: fc.Arbitrary<VirtualService> = key.chain((own) =>
  fc.record({
    key: fc.constant(own),
    scheduler: pick('rr', 'wrr', 'lc', 'sh', 'mh', 'none'),
    flags: flagBits,
    timeout: pick(0, 300, 86400),
    netmask:
      own.family === AF_INET
        ? pick(0xffffffff, 0xffffff00, 0, 0xff00ff00)
        : pick(hostNetmask(AF_INET6), 64, 1),
    persistenceEngine: pick('', '', 'sip'),
  }),
);

const count = fc.oneof(fc.nat(3), pick(0x7fffffff));

const server: fc.Arbitrary<RealServer> = fc
  .tuple(
    endpoint(['10.0.0.1', '10.0.0.2', '10.0.0.3', '2001:db8:1::1', '2001:db8:1::2'], [80, 8080, 0]),
    fc.record({
      forwarding: fc.nat(7),
      weight: count,
      upperThreshold: count,
      lowerThreshold: count,
      tunnel: fc.record({ type: fc.nat(3), port: pick(1, 6080, 65535), flags: pick(0, 1, 2, 3, 0x8000) }),
    }),
  )
  .map(([end, rest]) => ({
    ...end,
    ...rest,
    lowerThreshold: Math.min(rest.lowerThreshold, rest.upperThreshold),
  }));

const isAllowed = ({ key: { family } }: VirtualService, { family: own, forwarding }: RealServer) =>
  own === family || forwarding === forwardingMethods.tunneling;

const services: fc.Arbitrary<ServiceState[]> = fc.uniqueArray(
  fc
    .tuple(service, fc.uniqueArray(server, { maxLength: 6, selector: serverName }))
    .map(([own, servers]) => ({ service: own, servers: servers.filter((entry) => isAllowed(own, entry)) })),
  { maxLength: 6, selector: (entry) => serviceName(entry.service.key) },
);

const daemon = (state: number): fc.Arbitrary<SyncDaemon> =>
  fc.record({
    state: fc.constant(state),
    interface: fc.constant('lo'),
    syncId: pick(0, 7, 255),
    maxLength: pick(1400, 2000),
    group: pick('224.0.0.81', '239.1.2.3').map((text) => parseAddress(text)!),
    port: pick(8848, 9000),
    ttl: pick(1, 255),
  });

/**
 * A complete table. Sync daemons and servers of another address family than their service's are
 * exclusive.
 */
export const wholeState: fc.Arbitrary<WholeState> = fc
  .record({
    timeouts: fc.record({ tcp: pick(900, 60), tcpFin: pick(120, 7), udp: pick(300, 301) }),
    daemons: fc
      .tuple(fc.option(daemon(1)), fc.option(daemon(2)))
      .map((both) => both.filter((one): one is SyncDaemon => one !== null)),
    services,
  })
  .map((state) => {
    const mixed = state.services.some(
      ({
        service: {
          key: { family },
        },
        servers,
      }) => servers.some((entry) => entry.family !== family),
    );
    return mixed ? { ...state, daemons: [] } : state;
  });
