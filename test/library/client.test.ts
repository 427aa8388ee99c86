import {
  ApplyError,
  addressService,
  type ClientTransport,
  IpvsClient,
  planLines,
  realServer,
  virtualService,
} from '../../src/library';
import { FakeKernel } from '../../src/testing';

const web = addressService('tcp', '192.0.2.10', 80);
const wanted = {
  services: [{ service: virtualService(web, { scheduler: 'rr' }), servers: [realServer('10.0.0.17', 80)] }],
};

function filled(): { kernel: FakeKernel; ipvs: IpvsClient } {
  const kernel = new FakeKernel();
  const ipvs = new IpvsClient(kernel.open());
  ipvs.addService(virtualService(web));
  ipvs.addServer(web, realServer('10.0.0.17', 80));
  ipvs.addServer(web, realServer('10.0.0.18', 80, { weight: 3 }));
  return { kernel, ipvs };
}

describe('a plan', () => {
  test('is the fewest changes, and is carried out', async () => {
    const { ipvs } = filled();
    const plan = ipvs.plan(wanted);
    expect(planLines(plan)).toEqual([
      '--A -t 192.0.2.10:80 -s wlc',
      '+-A -t 192.0.2.10:80 -s rr',
      '--a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 3',
    ]);
    await expect(ipvs.apply(plan)).resolves.toBe(2);
    expect(ipvs.plan(wanted).plan).toEqual([]);
    expect(ipvs.servers(web)).toMatchObject(wanted.services[0]!.servers);
  });

  test('can be of some services, and keep weights', () => {
    const { ipvs } = filled();
    ipvs.addService(virtualService(addressService('udp', '192.0.2.10', 53)));
    const heavier = {
      services: [{ ...wanted.services[0]!, servers: [realServer('10.0.0.17', 80, { weight: 5 })] }],
    };
    const lines = planLines(ipvs.plan(heavier, { only: ['tcp:192.0.2.10:80'], keepWeights: true }));
    expect(lines).toEqual([
      '--A -t 192.0.2.10:80 -s wlc',
      '+-A -t 192.0.2.10:80 -s rr',
      '--a -t 192.0.2.10:80 -r 10.0.0.18:80 -g -w 3',
    ]);
  });

  test.each([
    [{ state: wanted }, {}, 'state: not a setting of a table: known: timeouts, daemons, services'],
    [wanted, { keepweights: true }, "keepweights: not a setting of a plan: did you mean 'keepWeights'?"],
    [wanted, { only: 'tcp:192.0.2.10:80' }, "only: 'tcp:192.0.2.10:80': must be a list"],
    [
      wanted,
      { only: ['tcp:192.0.2.10:8'] },
      "only: 'tcp:192.0.2.10:8': neither table has that virtual service: did you mean 'tcp:192.0.2.10:80'?",
    ],
  ])('of a wrong table or with wrong settings is refused: %#', (table, settings, message) => {
    expect(() => filled().ipvs.plan(table as object, settings as object)).toThrow(new TypeError(message));
  });

  test('that the kernel refuses is undone, and the error says so', async () => {
    const { kernel, ipvs } = filled();
    const before = ipvs.table();
    let left = 1;
    kernel.refuse = () => (left-- === 0 ? 12 : 0);
    const error = await ipvs.apply(ipvs.plan(wanted)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApplyError);
    expect(error).toMatchObject({
      message: 'the kernel refused delete-server: errno 12: the changes before it were undone',
      code: 'ENOMEM',
      undone: true,
      refused: [{ change: { kind: 'delete-server' }, error: { errno: 12, operation: 'delete-server' } }],
      left: [],
    });
    expect(ipvs.table()).toEqual(before);
  });

  test('that cannot be undone says what is left', async () => {
    const { kernel, ipvs } = filled();
    let made = 0;
    kernel.refuse = () => (made++ === 0 ? 0 : 12);
    const error = await ipvs.apply(ipvs.plan(wanted)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      message: 'the kernel refused delete-server: errno 12: not every change could be undone',
      undone: false,
      left: [{ change: { kind: 'edit-service' } }],
    });
  });
});

describe('connections', () => {
  function connected(): IpvsClient {
    const kernel = new FakeKernel();
    const end = (address: string, port: number) => ({ address, port });
    kernel.connections = [
      {
        protocol: 'tcp',
        client: end('198.51.100.7', 40001),
        virtual: end('192.0.2.10', 80),
        server: end('10.0.0.17', 8080),
        state: 'ESTABLISHED',
        expires: 899,
      },
      {
        protocol: 'udp',
        client: end('2001:db8::7', 5353),
        virtual: end('2001:db8::10', 53),
        server: end('2001:db8::17', 53),
        state: 'UDP',
        expires: 30,
        persistence: { engine: 'sip', data: 'a-call' },
      },
    ];
    return new IpvsClient(kernel.open());
  }
  const [first, second] = ['198.51.100.7', '2001:db8::7'];

  test.each([
    ['all', {}, [first, second]],
    ['of a network', { client: '198.51.100.0/24' }, [first]],
    ['of one of several clients', { client: ['192.0.2.1', '2001:db8::7'] }, [second]],
    ['of a service', { service: '[2001:db8::10]:53' }, [second]],
    ['of a server', { server: '10.0.0.17' }, [first]],
    ['in a state', { state: 'established' }, [first]],
    ['of a protocol', { protocol: 'udp' }, [second]],
    ['that expire soon', { expiresTo: 60 }, [second]],
    ['that expire late', { expiresFrom: 60 }, [first]],
  ] as const)('%s', (_name, filter, clients) => {
    expect([...connected().connections(filter)].map(({ client }) => client.address)).toEqual(clients);
  });

  test('have the form of a line of list --connection --json', () => {
    const kernel = new FakeKernel();
    kernel.connections = [...connected().connections()];
    expect([...new IpvsClient(kernel.open()).connections()]).toEqual(kernel.connections);
    expect(kernel.connections[1]).toEqual({
      protocol: 'udp',
      client: { address: '2001:db8::7', port: 5353 },
      virtual: { address: '2001:db8::10', port: 53 },
      server: { address: '2001:db8::17', port: 53 },
      state: 'UDP',
      expires: 30,
      persistence: { engine: 'sip', data: 'a-call' },
    });
  });

  test.each([
    [{ clients: '192.0.2.1' }, "clients: not a setting of a filter of connections: did you mean 'client'?"],
    [{ client: 'localhost' }, "client: 'localhost': must be an address, or a network such as 192.0.2.0/24"],
    [{ protocol: 'tpc' }, "'tpc': not a protocol of connections: did you mean 'tcp'?"],
    [
      { server: [7] },
      'server: 7: must be an address, or an address with a port, such as 10.0.0.17:80 or [2001:db8::17]:80',
    ],
    [{ expiresTo: '60' }, "expiresTo: '60': must be a number of seconds"],
  ])('an invalid filter is refused at once: %j', (filter, message) => {
    expect(() => connected().connections(filter as object)).toThrow(new TypeError(message));
  });
});

describe('watch', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['Date'] }));
  afterEach(() => jest.useRealTimers());

  test('yields what changes after the call', async () => {
    const { ipvs } = filled();
    const changes = ipvs.watch({ interval: 500 });
    ipvs.addServer(web, realServer('10.0.0.19', 80));
    ipvs.editServer(web, realServer('10.0.0.17', 80, { weight: 0 }));
    const seen = [changes.next(), changes.next()];
    await jest.advanceTimersByTimeAsync(500);
    expect((await Promise.all(seen)).map(({ value }) => value)).toMatchObject([
      { id: 1, kind: 'server-added', service: 'tcp:192.0.2.10:80', server: '10.0.0.19:80' },
      { id: 2, kind: 'weight', server: '10.0.0.17:80', text: expect.stringContaining('weight 1 -> 0') },
    ]);
    await changes.return();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends when its signal is aborted, and leaves no timer', async () => {
    const { ipvs } = filled();
    const stop = new AbortController();
    const next = ipvs.watch({ signal: stop.signal }).next();
    await jest.advanceTimersByTimeAsync(4000);
    stop.abort();
    await expect(next).resolves.toEqual({ done: true, value: undefined });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('throws what reading the table throws', async () => {
    const { kernel, ipvs } = filled();
    const next = ipvs.watch().next();
    kernel.permitted = false;
    const seen = expect(next).rejects.toMatchObject({ code: 'EPERM', operation: 'services' });
    await jest.advanceTimersByTimeAsync(2000);
    await seen;
  });

  test.each([
    [{ interval: 0 }, 'interval: 0: must be a number of milliseconds from 10 to 2147483647'],
    [{ intervall: 100 }, "intervall: not a setting of watch: did you mean 'interval'?"],
  ])('an invalid setting is refused at once: %j', (options, message) => {
    expect(() => filled().ipvs.watch(options as object)).toThrow(message);
  });
});

describe('a client ends', () => {
  function counting(): { transport: ClientTransport; closed: () => number } {
    let closed = 0;
    const close = () => {
      closed += 1;
    };
    return { transport: { ...new FakeKernel().open(), close }, closed: () => closed };
  }

  test('once, however often it is closed', () => {
    const { transport, closed } = counting();
    const ipvs = new IpvsClient(transport);
    ipvs.close();
    ipvs.close();
    expect(closed()).toBe(1);
  });

  test('with the block of using', () => {
    const { transport, closed } = counting();
    {
      using ipvs = new IpvsClient(transport);
      expect(ipvs.services()).toEqual([]);
      expect(closed()).toBe(0);
    }
    expect(closed()).toBe(1);
  });
});
