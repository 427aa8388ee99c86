import { IpvsClient } from '../../src/ipvs/client';
import { AF_INET, AF_INET6 } from '../../src/model/address';
import type { RealServer } from '../../src/model/real-server';
import { noStatistics } from '../../src/model/statistics';
import type { ServiceKey, VirtualService } from '../../src/model/virtual-service';
import { AttributeError } from '../../src/netlink/errors';
import { FakeKernel } from '../helpers/fake-kernel';
import { injecting } from '../helpers/inject';
import { ScriptedTransport } from '../helpers/scripted-transport';

const key: ServiceKey = {
  kind: 'address',
  protocol: 6,
  family: AF_INET,
  address: Uint8Array.of(192, 0, 2, 10),
  port: 80,
};
const other: ServiceKey = { kind: 'fwmark', fwmark: 7, family: AF_INET6 };
const service: VirtualService = {
  key,
  scheduler: 'wrr',
  flags: 0x05,
  timeout: 300,
  netmask: 0xffffff00,
  persistenceEngine: 'sip',
};
const server: RealServer = {
  family: AF_INET,
  address: Uint8Array.of(10, 0, 0, 17),
  port: 8080,
  forwarding: 0,
  weight: 3,
  upperThreshold: 100,
  lowerThreshold: 50,
  tunnel: { type: 0, port: 0, flags: 0 },
};

function open() {
  const kernel = new FakeKernel();
  return { kernel, client: new IpvsClient(kernel.open()) };
}

test('lists what was added', () => {
  const { client } = open();
  client.addService(service);
  client.addServer(key, server);
  const listedService = { ...service, flags: 0x07, statistics: noStatistics };
  const listedServer = {
    ...server,
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
    statistics: noStatistics,
  };
  expect({ all: client.services(), one: client.service(key), servers: client.servers(key) }).toEqual({
    all: [listedService],
    one: listedService,
    servers: [listedServer],
  });
});

test('edits and deletes', () => {
  const { client } = open();
  client.addService(service);
  client.addServer(key, server);
  client.editService({ ...service, scheduler: 'rr' });
  client.editServer(key, { ...server, weight: 0 });
  const edited = { scheduler: client.service(key).scheduler, weight: client.servers(key)[0]!.weight };
  client.deleteServer(key, server);
  const servers = client.servers(key);
  client.deleteService(key);
  expect({ edited, servers, services: client.services() }).toEqual({
    edited: { scheduler: 'rr', weight: 0 },
    servers: [],
    services: [],
  });
});

test('has no real servers for a service that does not exist', () => {
  expect(open().client.servers(key)).toEqual([]);
});

test('reads version, table size, timeouts and sync daemons', () => {
  const { client } = open();
  client.setTimeouts({ tcp: 100, tcpFin: 0, udp: 30 });
  client.startDaemon({ state: 2, interface: 'lo', syncId: 3 });
  const running = client.daemons();
  client.stopDaemon(2);
  expect({ info: client.info(), timeouts: client.timeouts(), running, stopped: client.daemons() }).toEqual({
    info: { version: 0x010201, connectionTableSize: 0 },
    timeouts: { tcp: 100, tcpFin: 120, udp: 30 },
    running: [
      {
        state: 2,
        interface: 'lo',
        syncId: 3,
        maxLength: 65507,
        group: Uint8Array.of(224, 0, 0, 81),
        port: 8848,
        ttl: 1,
      },
    ],
    stopped: [],
  });
});

describe('throws the errno of', () => {
  test.each([
    ['a service that exists', 17, (client: IpvsClient) => client.addService(service)],
    [
      'an unknown scheduler',
      2,
      (client: IpvsClient) => client.editService({ ...service, scheduler: 'nosuch' }),
    ],
    ['a service that does not exist', 3, (client: IpvsClient) => client.deleteService(other)],
    ['one to be listed', 3, (client: IpvsClient) => client.service(other)],
    ['one to be zeroed', 3, (client: IpvsClient) => client.zero(other)],
    ['a real server that does not exist', 2, (client: IpvsClient) => client.deleteServer(key, server)],
    [
      'a real server of a service that does not exist',
      3,
      (client: IpvsClient) => client.addServer(other, server),
    ],
    ['a sync daemon that does not run', 3, (client: IpvsClient) => client.stopDaemon(1)],
  ] as const)('%s', (_name, errno, attempt) => {
    const { client } = open();
    client.addService(service);
    expect(() => attempt(client)).toThrow(expect.objectContaining({ name: 'NetlinkError', errno }));
  });
});

test('zeroes and flushes everything', () => {
  const { kernel, client } = open();
  client.addService(service);
  client.zero();
  client.flush();
  expect({ left: client.services(), commands: kernel.requests.map(({ command }) => command) }).toEqual({
    left: [],
    commands: [1, 16, 17, 4],
  });
});

test('sends many changes in batches, and returns which of them were refused', () => {
  const kernel = new FakeKernel();
  const transport = kernel.open();
  let datagrams = 0;
  const client = new IpvsClient({
    ...transport,
    send(datagram) {
      datagrams += 1;
      transport.send(datagram);
    },
  });
  datagrams = 0;
  const changes = Array.from({ length: 2 * 128 + 1 }, () => ({ kind: 'add-service', service }) as const);
  const [first, ...rest] = client.changes(changes);
  expect({ first: first === 0, rest: new Set(rest), count: rest.length, datagrams }).toEqual({
    first: true,
    rest: new Set([17]),
    count: 2 * 128,
    datagrams: 3,
  });
});

describe('rejects a reply without', () => {
  test.each([
    ['the scheduler of a service', 'svc * 6 del', (client: IpvsClient) => client.services()],
    ['the weight of a real server', 'dest * 4 del', (client: IpvsClient) => client.servers(key)],
    ['one of ten counters', 'svc * 12.7 del', (client: IpvsClient) => client.services()],
    ['a version', 'info 0 1 del', (client: IpvsClient) => client.info()],
  ] as const)('%s', (_name, rule, ask) => {
    const kernel = new FakeKernel();
    const client = new IpvsClient(injecting(kernel.open(), rule));
    client.addService(service);
    client.addServer(key, server);
    expect(() => ask(client)).toThrow(AttributeError);
  });
});

test('has no statistics if the kernel sends none, and those of 32 bits if it sends no others', () => {
  const kernel = new FakeKernel();
  const setUp = new IpvsClient(kernel.open());
  setUp.addService(service);
  Object.assign(kernel.entries[0]!.service.stats!, { connections: 7n });
  const ask = (rule: string) => new IpvsClient(injecting(kernel.open(), rule)).service(key).statistics;
  expect([ask('svc * 10 del;svc * 12 del'), ask('svc * 12 del'), ask('svc * 10 del')]).toEqual([
    undefined,
    { ...noStatistics, connections: 7n },
    noStatistics,
  ]);
});

test('closes the socket', () => {
  const transport = new ScriptedTransport([
    '1c000000 1000 0000 01000000 00000000 01 02 0000 0600 0100 1f00 0000',
  ]);
  new IpvsClient(transport).close();
  expect(transport.closed).toBe(true);
});
