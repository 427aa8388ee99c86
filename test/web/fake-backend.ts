/** A director with one service, for tests of the page's server. */
import type { DirectorEvent, ServerHealth } from '../../src/director/types';
import type { TableNow } from '../../src/live/top-rows';
import { parseAddress } from '../../src/model/address';
import { noStatistics } from '../../src/model/statistics';
import type { WebBackend } from '../../src/web/backend';
import { bodyOf, sendJson } from '../../src/web/body';

export interface FakeBackend extends WebBackend {
  /** The active connections of the first server. */
  active: number;
  happen(event: DirectorEvent): void;
}

export function fakeBackend(): FakeBackend {
  const hearers = new Set<(event: DirectorEvent) => void>();
  const backend: FakeBackend = {
    active: 7,
    can: { health: true, document: true, generations: true, directors: true },
    version: '1.2.3',
    host: 'lb01',
    ha: () => null,
    director: {
      status: () => ({
        generation: { wanted: 1, applied: 1 },
        ...{ uptime: performance.now(), blind: false, sight: {}, changesSent: 2, changesRefused: 0 },
        ...{ lag: Math.random(), lateResults: 0, passDuration: Math.random() },
        ...{ contested: [], others: ['fwmark:7'], alarms: [] },
      }),
      services: () => [{ key: 'tcp:192.0.2.10:80', name: 'web', comment: 'the shop' }],
      health: (service) =>
        service === 'tcp:192.0.2.10:80' ? [healthOf('web1', 17, 'up'), healthOf('web2', 18, 'down')] : [],
      states: (service) => backend.director!.health(service),
      events: () => [],
      subscribe(hear) {
        hearers.add(hear);
        return () => hearers.delete(hear);
      },
    },
    table: async () => tableOf(backend.active),
    async answer(request, response, { name }) {
      const body = await bodyOf(request, 1000);
      const { admin } = ('value' in body ? body.value : {}) as { admin: string };
      sendJson(response, { ok: true, text: `${admin} as ${name}` });
      return { action: admin, outcome: 'done', ok: true };
    },
    happen(event) {
      for (const hear of hearers) hear(event);
    },
  };
  return backend;
}

function healthOf(server: string, last: number, state: ServerHealth['state']): ServerHealth {
  return {
    ...{ service: 'web', server, key: { service: 'tcp:192.0.2.10:80', server: `10.0.0.${last}:80` } },
    ...{ state, since: 1000, admin: 'ready', weight: 1, results: [] },
    ...(server === 'web1' && { comment: 'rack 7' }),
  };
}

function tableOf(active: number): TableNow {
  const service = { flags: 0, netmask: 0xffffffff, persistenceEngine: '', timeout: 0, scheduler: 'wrr' };
  const counted = { ...noStatistics, connectionRate: 5n };
  return [
    {
      service: {
        ...service,
        key: { kind: 'address', family: 2, protocol: 6, address: parseAddress('192.0.2.10')!, port: 80 },
        statistics: counted,
      },
      servers: [
        {
          ...{ family: 2, address: parseAddress('10.0.0.17')!, port: 80, forwarding: 3, weight: 1 },
          ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: { type: 0, port: 0, flags: 0 } },
          ...{ activeConnections: active, inactiveConnections: 1, persistentConnections: 0 },
          statistics: counted,
        },
      ],
    },
    {
      service: { ...service, key: { kind: 'fwmark', family: 2, fwmark: 7 }, statistics: noStatistics },
      servers: [],
    },
  ];
}
