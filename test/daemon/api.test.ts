/** The API on a real unix socket, with a director on a simulated machine. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { apiServer } from '../../src/daemon/api';
import { listenAt } from '../../src/daemon/listen';
import type { ApiContext } from '../../src/daemon/route';
import type { ShareStatus } from '../../src/daemon/sharing';
import { askDirector } from '../../src/engines/node/ask-director';
import type { HaOutcome } from '../../src/ha/types';
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

const web = configurationOf([
  directorService('web', someServers(2, { comment: 'rack 7' }), { comment: 'the shop' }),
]);

let directory: string;
let socket: string;
let server: Server;
let machine: SimulatedMachine;
let stopped: number;
let documents: { -readonly [P in keyof ApiContext['documents']]: ApiContext['documents'][P] };
let sharing: { status: ShareStatus | undefined; resign: () => Promise<HaOutcome> };

beforeEach(async () => {
  // Short: a path of a socket has at most 107 bytes.
  directory = mkdtempSync('/tmp/ipvsadm-api-');
  socket = join(directory, 'director.sock');
  machine = new SimulatedMachine();
  const { director } = machine.start(web);
  await machine.clock.run(5000);
  stopped = 0;
  documents = {
    ...{ active: false, generation: undefined, directors: () => undefined },
    put: async () => ({ ok: false, kind: 'conflict', problem: 'etcd is away' }),
  };
  sharing = { status: undefined, resign: async () => ({ ok: false, problem: 'nobody is there' }) };
  const context: ApiContext = {
    director,
    sharing,
    documents,
    namespace: '4026531840',
    metrics: async (by, format) => [by, ' ', `${format}\n`],
    hear: () => {},
    readFile: async () => ({ problem: 'lvs.yaml: it cannot be read' }),
    prepare: async () => {},
    inspect: async () => {
      throw new Error('not asked for');
    },
    runOwn: async () => ({ status: -1, text: 'not asked for' }),
    stop: () => {
      stopped += 1;
    },
  };
  server = apiServer(context);
  await listenAt(server, socket, undefined);
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const answer = await askDirector({ socket, method, path, body, timeout: 5000 });
  if ('failure' in answer) return answer;
  const isJson = /^[[{]/.test(answer.text);
  return [answer.status, isJson ? JSON.parse(answer.text) : answer.text];
}

test('only owner and group may use the socket', () => {
  expect(statSync(socket).mode & 0o777).toBe(0o660);
});

test('tells the role among several directors, and hands over', async () => {
  expect(await ask('GET', '/v1/ha')).toEqual([200, 'null\n']);
  expect(await ask('POST', '/v1/ha/resign', {})).toEqual([
    409,
    expect.objectContaining({ problem: 'nobody is there' }),
  ]);
  const status: ShareStatus = {
    ...{ engine: 'etcd', name: 'lb03', role: 'leader', since: 1, problems: [] },
    ...{ vips: ['192.0.2.10'], interface: 'eth0' },
  };
  sharing.status = status;
  sharing.resign = async () => ({ ok: true, text: 'lb04 leads' });
  expect(await ask('GET', '/v1/ha')).toEqual([200, status]);
  expect(await ask('POST', '/v1/ha/resign', {})).toEqual([200, { ok: true, text: 'lb04 leads' }]);
});

test('where directors share a document, it goes into etcd, and the file counts no more', async () => {
  expect(await ask('GET', '/v1/ha/directors')).toEqual([200, 'null\n']);
  const put: unknown[] = [];
  documents.active = true;
  documents.generation = 3;
  documents.directors = () => [{ name: 'lb03', role: 'leader', ready: false, generation: 3 }];
  documents.put = async (document) => {
    put.push(document);
    return { ok: true, generation: 4, text: 'generation 4 is in etcd' };
  };
  expect(await ask('GET', '/v1/ha/directors')).toEqual([200, documents.directors()]);
  const document = { text: 'a document', name: 'lvs.yaml', author: 'me' };
  expect(await ask('POST', '/v1/reload', document)).toEqual([
    200,
    { ok: true, generation: 4, text: 'generation 4 is in etcd' },
  ]);
  expect(put).toEqual([document]);
  const refused = (text: string) => [
    409,
    expect.objectContaining({ problem: expect.stringContaining(text) }),
  ];
  expect(await ask('POST', '/v1/reload', {})).toEqual(refused('generation 3, which all directors have'));
  expect(await ask('POST', '/v1/reload', { ...document, confirm: 60_000 })).toEqual(refused('--confirm: '));
  expect(await ask('POST', '/v1/reload', { ...document, takeOver: true })).toEqual(refused('--take-over: '));
  expect(await ask('POST', '/v1/rollback', { generation: 1, author: 'me' })).toEqual([
    200,
    expect.anything(),
  ]);
  expect(put).toHaveLength(2);
  expect(await ask('POST', '/v1/rollback', { generation: 9 })).toEqual([404, expect.anything()]);
});

test('tells status, health, generations and metrics', async () => {
  expect(await ask('GET', '/v1/status')).toEqual([
    200,
    expect.objectContaining({ generation: { wanted: 1, applied: 1 }, alarms: [] }),
  ]);
  expect(await ask('GET', '/v1/services')).toEqual([
    200,
    {
      namespace: '4026531840',
      services: ['tcp:192.0.2.10:80'],
      comments: { 'tcp:192.0.2.10:80': 'the shop' },
    },
  ]);
  const one = {
    service: 'web',
    server: '10.0.0.1',
    comment: 'rack 7',
    state: 'up',
    admin: 'ready',
    weight: 1,
  };
  const found = [200, [expect.objectContaining(one)]];
  expect(await ask('GET', '/v1/health/web/10.0.0.1')).toEqual(found);
  expect(await ask('GET', `/v1/health/${encodeURIComponent('tcp:192.0.2.10:80')}/10.0.0.1%3A80`)).toEqual(
    found,
  );
  expect(await ask('GET', '/v1/health')).toEqual([200, [expect.anything(), expect.anything()]]);
  expect(await ask('GET', '/v1/generations')).toEqual([200, [expect.objectContaining({ number: 1 })]]);
  expect(await ask('GET', '/v1/metrics?by=service&format=openmetrics')).toEqual([
    200,
    'service openmetrics\n',
  ]);
});

test.each<[string, 'GET' | 'POST', string, unknown, number, string | RegExp]>([
  [
    'an unknown path',
    'GET',
    '/v2/status',
    undefined,
    404,
    /^there is no \/v2\/status: there are GET \/v1\/status/,
  ],
  ['a wrong method', 'POST', '/v1/status', {}, 405, '/v1/status takes GET'],
  ['an unknown service', 'GET', '/v1/health/wob', undefined, 404, 'wob: it is not known: there are web'],
  [
    'an unknown server',
    'GET',
    '/v1/health/web/x',
    undefined,
    404,
    'web/x: it is not known: there are web/10.0.0.1, web/10.0.0.2',
  ],
  ['a wrong number of results', 'GET', '/v1/health?results=all', undefined, 422, /^results must be/],
  ['a broken path', 'GET', '/v1/health/%ff', undefined, 422, '/v1/health/%ff: it is not encoded well'],
  ['a wrong format', 'GET', '/v1/metrics?format=xml', undefined, 422, /must be prometheus or openmetrics$/],
  ['a wrong number', 'GET', '/v1/events?since=-1', undefined, 422, 'since must be a number of an event'],
  ['a body of other fields', 'POST', '/v1/stop', { now: true }, 422, /now/],
  ['a wrong admin state', 'POST', '/v1/admin', { service: 'web', admin: 'off' }, 422, /ready/],
  ['a host that is none', 'POST', '/v1/admin', { host: '10.9.9.9', admin: 'drain' }, 404, /no real server/],
  ['nothing to confirm', 'POST', '/v1/confirm', {}, 409, 'no document waits to be confirmed'],
  ['an unknown generation', 'POST', '/v1/rollback', { generation: 9 }, 404, /generation 9/],
  ['a file that is gone', 'POST', '/v1/reload', {}, 422, 'lvs.yaml: it cannot be read'],
  ['a document that is none', 'POST', '/v1/reload', { text: 'x' }, 422, /what is this/],
  [
    'a server to check that is none',
    'POST',
    '/v1/check',
    { service: 'web', server: 'x' },
    404,
    /no such server/,
  ],
  ['too long a name', 'POST', '/v1/adopt', { service: 'x'.repeat(301) }, 422, /300/],
  ['too large a body', 'POST', '/v1/adopt', { service: 'x'.repeat(70_000) }, 422, /more than 65536 bytes/],
])('refuses %s', async (_, method, path, body, status, problem) => {
  const text = typeof problem === 'string' ? problem : expect.stringMatching(problem);
  expect(await ask(method, path, body)).toEqual([
    status,
    expect.objectContaining({ ok: false, problem: text }),
  ]);
});

test('shows as many results of each server as are asked for', async () => {
  const results = async (path: string) => {
    const [, servers] = (await ask('GET', path)) as [number, { results: unknown[] }[]];
    return servers.map((one) => one.results.length);
  };
  await machine.clock.run(60_000);
  expect(await results('/v1/health')).toEqual([20, 20]);
  expect(await results('/v1/health?results=3')).toEqual([3, 3]);
  expect(await results('/v1/health/web/10.0.0.2?results=0')).toEqual([0]);
});

test('drains a server for a time, with who and why', async () => {
  const body = {
    service: 'web',
    server: '10.0.0.2',
    admin: 'drain',
    for: 60_000,
    reason: 'disk',
    author: 'ann',
  };
  expect(await ask('POST', '/v1/admin', body)).toEqual([200, { ok: true, text: 'web/10.0.0.2: drain' }]);
  const override = expect.objectContaining({ admin: 'drain', author: 'ann', reason: 'disk' });
  expect(await ask('GET', '/v1/health/web/10.0.0.2')).toEqual([
    200,
    [expect.objectContaining({ admin: 'drain', override })],
  ]);
});

test('streams the events there were and those that come', async () => {
  const lines: string[] = [];
  let end = () => {};
  const all = askDirector({
    socket,
    method: 'GET',
    path: '/v1/events?follow=1&since=0',
    line: (line) => lines.push((JSON.parse(line) as { text: string }).text),
    endable: (ending) => {
      end = ending;
    },
  });
  await ask('POST', '/v1/admin', { host: '10.0.0.1', admin: 'maint' });
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  end();
  await all;
  expect(lines.at(-1)).toMatch(/^web\/10\.0\.0\.1 is set to maint by socket/);
});

test('tells the events of a service or a server, by name or key', async () => {
  for (const server of ['10.0.0.1', '10.0.0.2']) {
    await ask('POST', '/v1/admin', { service: 'web', server, admin: 'drain' });
  }
  const texts = async (query: string) => {
    const [status, events] = (await ask('GET', `/v1/events?${query}`)) as [number, { text: string }[]];
    return [status, ...events.map(({ text }) => text)];
  };
  const [first, second] = ['1', '2'].map((last) => `web/10.0.0.${last} is set to drain by socket`);
  expect(await texts('service=web')).toEqual([200, second, first]);
  expect(await texts('service=web&server=10.0.0.1')).toEqual([200, first]);
  expect(await texts('service=tcp:192.0.2.10:80&server=10.0.0.2:80')).toEqual([200, second]);
  expect(await ask('GET', '/v1/events?service=web&server=x')).toEqual([
    404,
    expect.objectContaining({ problem: 'web/x: it is not known: there are web/10.0.0.1, web/10.0.0.2' }),
  ]);
});

test('streams the events of one server alone', async () => {
  const texts: string[] = [];
  let end = () => {};
  const all = askDirector({
    socket,
    method: 'GET',
    path: '/v1/events?follow=1&since=0&service=web&server=10.0.0.2',
    line: (line) => texts.push((JSON.parse(line) as { text: string }).text),
    endable: (ending) => {
      end = ending;
    },
  });
  while (texts.length === 0) {
    await ask('POST', '/v1/admin', { host: '10.0.0.1', admin: 'maint' });
    await ask('POST', '/v1/admin', { host: '10.0.0.2', admin: 'maint' });
  }
  end();
  await all;
  expect(new Set(texts)).toEqual(new Set(['web/10.0.0.2 is set to maint by socket']));
});

test('stops when it is asked to', async () => {
  expect(await ask('POST', '/v1/stop', {})).toEqual([200, expect.objectContaining({ ok: true })]);
  expect(stopped).toBe(1);
});

test('is not hurt by what is not HTTP', async () => {
  const said = await new Promise<string>((resolve) => {
    const client = connect(socket, () => client.write('\0\x01garbage\r\n\r\n'));
    let text = '';
    client.setEncoding('latin1').on('data', (data: string) => {
      text += data;
    });
    client.on('error', () => resolve(text)).on('close', () => resolve(text));
  });
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(await ask('GET', '/v1/generations')).toEqual([200, expect.anything()]);
});

test('says so where nobody answers', async () => {
  expect(await askDirector({ socket: `${socket}.none`, method: 'GET', path: '/v1/status' })).toEqual({
    failure: 'ENOENT',
  });
});
