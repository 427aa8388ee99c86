/** What callers of the web page may ask, with which generation, and what is noted of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerRequest } from '../../src/daemon/api';
import { openApi } from '../../src/daemon/openapi';
import type { ApiContext } from '../../src/daemon/route';
import { routes } from '../../src/daemon/routes';
import type { DirectorEvent } from '../../src/director/types';
import type { HearStep } from '../../src/model/check';
import type { Done } from '../../src/web/backend';
import type { WebRole } from '../../src/web/contract';
import {
  configurationOf,
  directorService,
  SimulatedMachine,
  someServers,
} from '../helpers/simulated-director';

let server: Server;
let port: number;
let done: (Done | undefined)[];
let context: ApiContext;
let role: WebRole;
let mayStay: boolean;

beforeEach(async () => {
  const machine = new SimulatedMachine();
  const { director } = machine.start(configurationOf([directorService('web', someServers(2))]));
  await machine.clock.run(5000);
  const unused = async () => {
    throw new Error('not asked for');
  };
  context = {
    director,
    sharing: { status: undefined, resign: async () => ({ ok: false, problem: 'nobody is there' }) },
    documents: { active: false, generation: undefined, directors: () => undefined, put: unused },
    ...{ namespace: '1', metrics: unused, hear: () => {}, inspect: unused, prepare: async () => {} },
    readFile: async () => ({ problem: 'lvs.yaml: it cannot be read' }),
    runOwn: async () => ({ status: -1, text: 'not asked for' }),
    stop: () => {
      throw new Error('not asked for');
    },
  };
  done = [];
  role = 'edit';
  mayStay = true;
  server = createServer((request, response) => {
    const generation = () => context.director.status().generation.wanted;
    const caller = { name: 'alice', role, mayStay: () => mayStay };
    void answerRequest(
      { context, table: routes, generation, director: context.director, caller },
      request,
      response,
    ).then((one) => done.push(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(path: string, body?: object, match?: string): Promise<[number, Record<string, unknown>]> {
  const headers = match === undefined ? {} : { 'if-match': match };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  return [answer.status, /^[[{]/.test(text) ? (JSON.parse(text) as Record<string, unknown>) : { text }];
}

const drain = { service: 'web', server: 's1', admin: 'drain', reason: 'disk' };

test.each(routes.map((row) => [`${row.method} ${row.what[0]}`, row] as const))(
  '%s: nobody with a lower role gets an answer',
  async (_, row) => {
    const order = ['view', 'operate', 'edit', 'socket'];
    const path = row.what[0].replace(/[[?].*/, '').replace(/\/[A-Z]+/g, '/1');
    expect(row.path.test(path)).toBe(true);
    for (const one of ['view', 'operate', 'edit'] as const) {
      if (order.indexOf(one) >= order.indexOf(row.role)) continue;
      role = one;
      const [status, { problem }] = await ask(path, row.method === 'POST' ? {} : undefined, '"1"');
      expect([status, problem]).toEqual([403, expect.stringMatching(/needs the (role|socket)/)]);
    }
  },
);

test('what is done is signed with the name of the token, whatever a client says', async () => {
  const [service] = context.director.services();
  const [first] = context.director.health(service!.key);
  const body = { ...drain, service: first!.service, server: first!.server, author: 'mallory' };
  expect(await ask('/v1/admin', body, '"1"')).toEqual([200, expect.objectContaining({ ok: true })]);
  expect(context.director.health(first!.service, first!.server)[0]!.override).toMatchObject({
    ...{ admin: 'drain', author: 'alice', reason: 'disk' },
  });
  expect(done).toEqual([
    {
      action: `drain ${first!.service}/${first!.server}: disk`,
      outcome: `${first!.service}/${first!.server}: drain`,
      ok: true,
    },
  ]);
});

test('a change needs the generation that was seen', async () => {
  expect((await ask('/v1/admin', drain))[0]).toBe(428);
  const [status, { problem }] = await ask('/v1/admin', drain, '"7"');
  expect([status, problem]).toEqual([409, 'generation 1 is in use, and "7" was seen: look again first']);
  expect(done.map((one) => one?.ok)).toEqual([false, false]);
});

test('a weight is an override that ready ends; 0 is a drain', async () => {
  const [first] = context.director.health();
  const of = { service: first!.service, server: first!.server };
  const now = () => context.director.health(of.service, of.server)[0]!;
  expect(await ask('/v1/weight', { ...of, weight: 7, reason: 'new' }, '*')).toEqual([
    200,
    { ok: true, text: `${of.service}/${of.server}: weight 7` },
  ]);
  expect(now().override).toMatchObject({ admin: 'ready', weight: 7, author: 'alice', reason: 'new' });
  await ask('/v1/weight', { ...of, weight: 0 }, '*');
  expect(now().admin).toBe('drain');
  await ask('/v1/admin', { ...of, admin: 'ready' }, '*');
  expect(now().override).toBeUndefined();
  expect((await ask('/v1/weight', { ...of, server: 'nobody', weight: 1 }, '*'))[0]).toBe(404);
  expect((await ask('/v1/weight', { ...of, weight: -1 }, '*'))[0]).toBe(422);
});

test('of two documents at once, one was made without seeing the other', async () => {
  let wanted = 1;
  const reload = async () => {
    wanted += 1;
    return { ok: true, text: 'taken' };
  };
  const status = () => ({ generation: { wanted, applied: wanted } });
  const prepare = () => new Promise((resolve) => setTimeout(resolve, 50));
  context = Object.assign(context, { prepare, director: { ...context.director, status, reload } });
  const body = (document: string) => ({ text: document, name: 'lvs.json' });
  const answers = await Promise.all([
    ask('/v1/reload', body('one'), '"1"'),
    ask('/v1/reload', body('other'), '"1"'),
  ]);
  expect(answers.map(([status]) => status)).toEqual([200, 409]);
});

test('lines of a document that is wrong are not in the audit log, which view sees', async () => {
  const why = 'lvs.yaml:4:71: unexpected "}"\n    headers: { authorization: "Basic c2VjcmV0" } } }\n';
  const reload = async () => ({ ok: false, kind: 'invalid', problem: why });
  context = Object.assign(context, { director: { ...context.director, reload } });
  expect(await ask('/v1/reload', { text: '}', name: 'lvs.yaml' }, '*')).toEqual([
    422,
    expect.objectContaining({ problem: why }),
  ]);
  expect(done.map((one) => one?.outcome)).toEqual(['lvs.yaml:4:71: unexpected "}"']);
});

test('who may not see documents does not see what a check sends', async () => {
  let hear: HearStep | undefined;
  const checkNow = async () => {
    hear!({
      at: 0,
      stage: 'send',
      kind: 'sent',
      text: 'GET / HTTP/1.1\r\nAuthorization: Basic c2VjcmV0\r\n',
    });
    hear!({ at: 1, stage: 'wait', kind: 'received', text: 'HTTP/1.1 200 OK' });
    return [];
  };
  context = Object.assign(context, {
    director: { ...context.director, checkNow },
    hear: (one: HearStep | undefined) => {
      hear = one ?? hear;
    },
  });
  const steps = async () => (await ask('/v1/check', { service: 'web', server: 's1' }))[1].steps;
  expect(JSON.stringify(await steps())).toContain('c2VjcmV0');
  role = 'operate';
  expect(await steps()).toEqual([
    expect.objectContaining({ kind: 'note', text: 'a request was sent: the role edit shows it' }),
    expect.objectContaining({ kind: 'received', text: 'HTTP/1.1 200 OK' }),
  ]);
});

test('who may not stay hears no event any more', async () => {
  let hear: (event: DirectorEvent) => void = () => {};
  const subscribe = (one: (event: DirectorEvent) => void) => {
    hear = one;
    return () => {};
  };
  context = Object.assign(context, { director: { ...context.director, events: () => [], subscribe } });
  role = 'view';
  const { body } = await fetch(`http://127.0.0.1:${port}/v1/events?follow=1`);
  const reader = body!.getReader();
  hear({ id: 1, at: 1, kind: 'note', text: 'first' });
  expect(Buffer.from((await reader.read()).value!).toString()).toMatch(/first/);
  mayStay = false;
  hear({ id: 2, at: 1, kind: 'note', text: 'second' });
  const rest = await reader.read().catch(() => ({ value: undefined }));
  expect(rest.value).toBeUndefined();
});

test('OpenAPI names each path with its parameters', () => {
  const { paths } = openApi(routes) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v1/health',
      '/v1/health/{SERVICE}',
      '/v1/health/{SERVICE}/{SERVER}',
      '/v1/stream',
    ]),
  );
  for (const [path, methods] of Object.entries(paths)) {
    for (const { parameters = [] } of Object.values(methods)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    }
  }
  expect(paths['/v1/admin']!.post!.parameters).toEqual([
    expect.objectContaining({ name: 'If-Match', in: 'header' }),
  ]);
});
