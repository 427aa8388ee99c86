/** Tables written in imported formats and read again. */
import fc from 'fast-check';
import { AF_INET, type Family } from '../../../src/model/address';
import { readDocument } from '../../../src/state/document/read';
import { parseJson } from '../../../src/state/source/parse-json';
import {
  serverName,
  serviceName,
  type TableState,
  type WholeState,
} from '../../../src/state/table/table-state';
import { wholeState } from '../../helpers/arbitrary-states';
import { documentOf, formats, read, written } from '../imported-text';

/** The kernel's defaults. */
const kernelTimeouts = { tcp: 900, tcpFin: 120, udp: 300 };

test.each([
  [{ tcp: 0, tcpFin: 120, udp: 0 }, []],
  [{ tcp: 0, tcpFin: 200, udp: 0 }, ['timeouts: tcpFin 200']],
  [{ tcp: 901, tcpFin: 120, udp: 300 }, ['timeouts: tcp 901']],
])(
  'of timeouts %j those that differ from the default are not expressible in ldirectord.cf',
  (timeouts, expected) => {
    const { lost } = written('ldirectord', { timeouts, daemons: [], services: [] });
    expect(lost).toEqual(expected);
  },
);

const schedulers = ['rr', 'wrr', 'lc', 'sh', 'mh'];

/**
 * The nearest table that both formats express: of TCP, UDP and marks, without tunnels other than
 * ipip, and without values of persistence in services that are not persistent.
 */
function plain({ services }: WholeState): TableState {
  return {
    services: services
      .map(({ service, servers }) => {
        const { key } = service;
        const flags = service.flags & (key.kind === 'address' && key.protocol !== 17 ? 0x19 : 0x1d);
        const persistent = (flags & 1) !== 0 || (key.kind === 'address' && key.port === 0);
        const port = key.kind === 'address' ? key.port : 0;
        return {
          service: {
            ...service,
            key: key.kind === 'address' && key.protocol === 132 ? { ...key, protocol: 6 } : key,
            scheduler: schedulers.includes(service.scheduler) ? service.scheduler : 'rr',
            flags: persistent ? flags | 1 : flags,
            timeout: persistent ? service.timeout || 360 : 0,
            netmask: persistent ? service.netmask : key.family === 2 ? 0xffffffff : 128,
            persistenceEngine: '',
          },
          servers: servers
            .filter((server) => server.family === key.family)
            .map((server) => {
              const forwarding = server.forwarding === 0 || server.forwarding === 2 ? server.forwarding : 3;
              const tunnel = { type: 0, port: 0, flags: 0 };
              return { ...server, forwarding, tunnel, port: forwarding === 0 ? server.port || port : port };
            })
            .filter(
              (server, index, all) =>
                all.findIndex((other) => serverName(other) === serverName(server)) === index,
            ),
        };
      })
      .filter(({ servers }) => servers.length > 0)
      // SCTP has become TCP: no table has a service twice.
      .filter(
        ({ service }, index, all) =>
          all.findIndex((other) => serviceName(other.service.key) === serviceName(service.key)) === index,
      ),
  };
}

/**
 * Adds what only keepalived.conf expresses: sync daemons of both sides, and tunnels of each kind.
 */
function forKeepalived(state: WholeState): TableState {
  const [daemon] = state.daemons;
  const tunnels = [
    { type: 1, port: 6080, flags: 0 },
    { type: 1, port: 6081, flags: 1 },
    { type: 1, port: 6082, flags: 2 },
    { type: 2, port: 0, flags: 0 },
    { type: 2, port: 0, flags: 1 },
  ];
  return {
    timeouts: state.timeouts,
    daemons: daemon ? [1, 2].map((side) => ({ ...daemon, state: side })) : [],
    services: plain(state).services!.map(({ service, servers }) => ({
      service: { ...service, persistenceEngine: service.flags & 1 ? 'sip' : '' },
      servers: servers.map((server, index) =>
        server.forwarding === 2 ? { ...server, tunnel: tunnels[index % tunnels.length]! } : server,
      ),
    })),
  };
}

describe.each(['keepalived', 'ldirectord'] as const)('%s', (name) => {
  test('the text reads back as the same table, except for what is reported', () => {
    fc.assert(
      fc.property(wholeState, (state) => {
        const { text, lost } = written(name, state);
        const { state: found, problems } = read(text, formats[name].read);
        expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        for (const { service, servers } of state.services) {
          const key = serviceName(service.key);
          if (lost.some((entry) => entry.startsWith(`${key}: `))) continue;
          const again = found.services?.find((entry) => serviceName(entry.service.key) === key);
          expect(documentOf({ services: again ? [again] : [] })).toBe(
            documentOf({ services: [{ service, servers }] }),
          );
        }
        if (!lost.some((entry) => entry.startsWith('timeouts')))
          expect(found.timeouts ?? kernelTimeouts).toEqual(state.timeouts);
        const daemonsLost = lost.filter((entry) => entry.startsWith('sync daemon')).length;
        expect((found.daemons?.length ?? 0) + daemonsLost).toBe(state.daemons.length);
      }),
      { numRuns: 300 },
    );
  });

  test('each incomplete entry is reported, and is a comment before its service', () => {
    fc.assert(
      fc.property(wholeState, (state) => {
        const { text, lost } = written(name, state);
        const remarks = text.split('\n').filter((line) => line.startsWith('# not expressible here: '));
        expect(remarks.map((line) => line.slice('# not expressible here: '.length))).toEqual(lost);
        for (const entry of lost) expect(entry).toMatch(/^(tcp|udp|sctp|fwmark|timeouts|sync daemon)\b/);
      }),
      { numRuns: 100 },
    );
  });
});

/** Leaves one-packet scheduling to UDP, and no service twice, which SCTP made TCP can be. */
function forLdirectord(state: WholeState): TableState {
  const names = new Set<string>();
  return {
    services: plain(state)
      .services!.filter(({ service: { key } }) => !names.has(serviceName(key)) && names.add(serviceName(key)))
      .map(({ service, servers }) => {
        const udp = service.key.kind === 'address' && service.key.protocol === 17;
        return { service: { ...service, flags: service.flags & (udp ? 0x3d : 0x39) }, servers };
      }),
  };
}

const expressible = { keepalived: forKeepalived, ldirectord: forLdirectord };

test.each(['keepalived', 'ldirectord'] as const)(
  '%s: a table that it expresses is complete, and reads back as the same',
  (name) => {
    let services = 0;
    fc.assert(
      fc.property(wholeState, (state) => {
        const wanted = expressible[name](state);
        const { text, lost } = written(name, wanted);
        expect(lost).toEqual([]);
        const { state: found } = read(text === '' ? '# nothing\n' : text, formats[name].read);
        expect(documentOf({ daemons: [], services: [], ...defined(found) })).toBe(
          documentOf({ daemons: [], services: [], ...defined(wanted) }),
        );
        services += wanted.services!.length;
      }),
      { numRuns: 300 },
    );
    expect(services).toBeGreaterThan(300);
  },
);

function defined(state: TableState): TableState {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

test('a server that would get the same key as another is left out, and reported', () => {
  const rules = (port: number) => `{"address":"10.0.0.1","port":${port},"weight":${port}}`;
  const { state } = readDocument(
    parseJson(
      `{"format":"ipvsadm-state","version":1,"services":[{"protocol":"tcp","address":"192.0.2.1","port":80,"servers":[${rules(80)},${rules(81)}]}]}`,
    ),
  );
  const { text, lost } = written('keepalived', state);
  expect(text.match(/real_server/g)).toHaveLength(1);
  expect(lost).toEqual([expect.stringMatching(/^tcp:192\.0\.2\.1:80: real server \{.*"port":81,/)]);
});

test.each(['keepalived', 'ldirectord'] as const)(
  '%s: no list of a large service is searched for each of its real servers',
  (name) => {
    const servers = Array.from({ length: 3000 }, (_, index) => ({
      family: AF_INET as Family,
      address: Uint8Array.of(10, 0, index >> 8, index & 255),
      port: 80,
      forwarding: 0,
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: { type: 0, port: 0, flags: 0 },
    }));
    const { state } = readDocument(
      parseJson('{"format":"ipvsadm-state","version":1,"services":[{"fwmark":1}]}'),
    );
    const { service } = state.services![0]!;
    let searched = 0;
    const count = (list: unknown[]) => {
      if (list.length >= servers.length) searched += 1;
    };
    const { includes, indexOf, findIndex, find } = Array.prototype;
    const spies = Object.entries({ includes, indexOf, findIndex, find }).map(([method, original]) =>
      jest.spyOn(Array.prototype, method as 'includes').mockImplementation(function (
        this: unknown[],
        ...args: unknown[]
      ) {
        count(this);
        return Reflect.apply(original, this, args) as boolean;
      }),
    );
    try {
      const { text } = written(name, { services: [{ service, servers }] });
      expect(text.match(/real/g)).toHaveLength(servers.length);
      expect(searched).toBeLessThan(10);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  },
);
