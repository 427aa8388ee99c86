/** A table that lives, invented: connections come and go, servers die and come back. */
import type { DirectorEvent, ServerHealth, ServerState, TimedResult } from '../../src/director/types';
import type { AdminState } from '../../src/model/director';
import type { OverviewService, Rates, ServiceDetail, ServiceServer } from '../../src/web/contract';

export interface FakeServer {
  readonly key: string;
  readonly name: string;
  readonly comment: string | null;
  readonly forwarding: string;
  /** Of the document. */
  readonly wanted: number;
  state: ServerState;
  since: number;
  admin: AdminState;
  override: ServerHealth['override'];
  weight: number;
  active: number;
  results: TimedResult[];
  /** Bad luck holds on. */
  ill: number;
}

export interface FakeService {
  readonly key: string;
  readonly name: string;
  readonly comment: string | null;
  readonly rule: string;
  readonly scheduler: string;
  owner: OverviewService['owner'];
  readonly load: number;
  readonly servers: FakeServer[];
}

/** Names and answers as somebody would choose who wants to break the page. */
export const HOSTILE = '<img src=x onerror=alert(1)>';
const HOSTILE_ANSWER = '<script>alert(1)</script>\u001b[31m "\'`&amp; javascript:alert(1)';

/** Numbers that look random and are always the same. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

const schedulers = ['rr', 'wrr', 'lc', 'wlc', 'sh', 'mh'];
const forwardings = ['masquerading', 'gatewaying', 'tunneling'];
const names = ['web', 'api', 'mail', 'dns', 'login', 'shop', 'search', 'images', 'video', 'chat'];

export function makeTable(
  services: number,
  servers: number,
  random: () => number,
  now: number,
): FakeService[] {
  return Array.from({ length: services }, (_, index) => {
    const key =
      index === 6 ? 'fwmark:7' : `tcp:192.0.2.${10 + (index % 240)}:${index < 240 ? 80 : 8000 + index}`;
    const scheduler = schedulers[index % schedulers.length]!;
    const name = index === 3 ? HOSTILE : index < names.length ? names[index]! : `service-${index}`;
    return {
      key,
      name,
      comment: commentOf(index),
      scheduler,
      rule: `-A ${index === 6 ? '-f 7' : `-t ${key.slice(4)}`} -s ${scheduler}${index % 3 === 1 ? ' -p 300' : ''}`,
      owner: index === 4 ? 'contested' : index === 5 ? 'others' : 'ours',
      load: 5 + random() * 400,
      servers: Array.from({ length: index === 1 ? servers * 2 : servers }, (__, at) =>
        makeServer(index, at, random, now),
      ),
    };
  });
}

/** One usual, one as long as it may be, one of somebody who wants to break the page. */
function commentOf(service: number): string | null {
  return [`the shop's front, asks team Süd`, 'long '.repeat(40), null, HOSTILE][service] ?? null;
}

function makeServer(service: number, at: number, random: () => number, now: number): FakeServer {
  const checked = service !== 6;
  const server: FakeServer = {
    key: `10.${service % 200}.${Math.floor(at / 250)}.${1 + (at % 250)}:80`,
    name:
      service === 3 && at === 0 ? HOSTILE : `${names[service] ?? 'host'}${String(at + 1).padStart(2, '0')}`,
    comment: at === 0 ? commentOf(service) : null,
    forwarding: forwardings[service % 3]!,
    wanted: 1 + (at % 3),
    state: checked ? (random() < 0.06 ? 'down' : 'up') : 'unknown',
    since: now - Math.floor(random() * 86_400_000),
    admin: 'ready',
    override: undefined,
    weight: 1 + (at % 3),
    active: Math.floor(random() * 200),
    results: [],
    ill: 0,
  };
  if (service === 0 && at === 2) {
    server.admin = 'drain';
    server.override = {
      admin: 'drain',
      author: 'anna',
      reason: 'disk is being replaced',
      since: now - 1_200_000,
      until: now + 2_400_000,
      fileAdmin: 'ready',
    };
  }
  if (service === 0 && at === 1) server.state = 'down';
  server.weight = weightOf(server);
  if (checked) for (let turn = 20; turn > 0; turn -= 1) check(server, service, random, now - turn * 2000);
  return server;
}

export function weightOf({ state, admin, override, wanted }: FakeServer): number {
  if (admin !== 'ready' || state === 'down') return 0;
  return override?.weight ?? wanted;
}

/** One result more, newest first. */
export function check(server: FakeServer, service: number, random: () => number, at: number): TimedResult {
  const ok = server.state !== 'down' && random() > 0.02;
  const result: TimedResult = {
    check: service % 4 === 2 ? 'tcp' : 'http /health',
    at,
    ok,
    stage: ok ? 'body' : random() < 0.5 ? 'connect' : 'wait',
    duration: ok ? 2 + Math.round(random() * 40) : 1000,
    message: ok ? 'status 200' : random() < 0.5 ? 'connection refused' : 'status 503, expected 200-299',
    ...(service === 3 && { answer: HOSTILE_ANSWER, message: `status 200 ${HOSTILE}` }),
  };
  server.results = [result, ...server.results].slice(0, 20);
  return result;
}

/** A second or two pass. @returns what happened. */
export function live(
  table: readonly FakeService[],
  random: () => number,
  now: number,
): Omit<DirectorEvent, 'id'>[] {
  const events: Omit<DirectorEvent, 'id'>[] = [];
  for (const [index, service] of table.entries()) {
    for (const server of service.servers) {
      if (server.override?.until !== undefined && server.override.until < now) end(server);
      const busy = server.weight > 0 ? service.load * server.weight * 0.2 : 0;
      server.active = Math.max(0, Math.round(server.active * 0.8 + busy * (0.5 + random())));
      if (index === 6 || server.admin === 'maint') continue;
      check(server, index, random, now);
    }
  }
  const [service, server] = anyOf(table, random);
  if (service && server && service.key !== 'fwmark:7' && random() < 0.3) {
    server.state = server.state === 'down' ? 'up' : 'down';
    server.since = now;
    server.weight = weightOf(server);
    const up = server.state === 'up';
    events.push({
      at: now,
      kind: up ? 'server-up' : 'server-down',
      service: service.name,
      server: server.name,
      text: `${service.name}/${server.name} is ${server.state}: ${server.results[0]?.check ?? 'check'}: ${up ? 'status 200' : 'connection refused'}`,
    });
  }
  return events;
}

export function end(server: FakeServer): void {
  server.admin = 'ready';
  server.override = undefined;
  server.weight = weightOf(server);
}

function anyOf(table: readonly FakeService[], random: () => number) {
  const service = table[Math.floor(random() * table.length)];
  return [service, service?.servers[Math.floor(random() * service.servers.length)]] as const;
}

export function overviewOf(service: FakeService): OverviewService {
  const count = (state: ServerState) => service.servers.filter((server) => server.state === state).length;
  const active = service.servers.reduce((sum, server) => sum + server.active, 0);
  return {
    key: service.key,
    name: service.name,
    comment: service.comment,
    scheduler: service.scheduler,
    up: count('up'),
    down: count('down'),
    unknown: count('unknown'),
    drained: service.servers.filter(({ admin }) => admin !== 'ready').length,
    owner: service.owner,
    active,
    inactive: Math.round(active * 1.7),
    rates: ratesOf(active),
  };
}

export function detailOf(service: FakeService, checked: boolean): ServiceDetail {
  const active = service.servers.reduce((sum, server) => sum + server.active, 0);
  const weight = service.servers.reduce((sum, server) => sum + server.weight, 0);
  const servers = service.servers.map(
    (server): ServiceServer => ({
      key: server.key,
      name: server.name,
      comment: server.comment,
      forwarding: server.forwarding,
      weight: server.weight,
      share: active > 0 ? server.active / active : null,
      meant: weight > 0 ? server.weight / weight : null,
      active: server.active,
      inactive: Math.round(server.active * 1.7),
      rates: ratesOf(server.active),
      health: checked && service.key !== 'fwmark:7' ? healthOf(server) : null,
    }),
  );
  return { ...overviewOf(service), rule: service.rule, servers };
}

function healthOf({ state, since, admin, override, results }: FakeServer): ServiceServer['health'] {
  const certificateEnds = since + 90 * 86_400_000;
  return { state, since, admin, override, results, nextCheck: 1400, certificateEnds };
}

export function ratesOf(active: number): Rates {
  return {
    connections: active / 7,
    inPackets: active * 9,
    outPackets: active * 12,
    inBytes: active * 4000,
    outBytes: active * 61_000,
  };
}
