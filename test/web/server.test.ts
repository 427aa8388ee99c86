/** The page's server on a real port: who may ask what, and from where. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Me, Overview, ServiceDetail } from '../../src/web/contract';
import { WebServer } from '../../src/web/server';
import { digestOf, formatTokens, newToken, type WebToken } from '../../src/web/tokens';
import { fakeBackend } from './fake-backend';

let directory: string;
let web: WebServer;
let port: number;
let said: string[];
const tokens = { alice: newToken(), bob: newToken(), late: newToken() };

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ipvsadm-web-'));
  said = [];
  writeTokens([
    { name: 'alice', role: 'edit', sha256: digestOf(tokens.alice)!, since: 1 },
    { name: 'bob', role: 'view', sha256: digestOf(tokens.bob)!, since: 1 },
    { name: 'late', role: 'edit', sha256: digestOf(tokens.late)!, since: 1, until: 2 },
  ]);
  const bytes = Buffer.from('<!doctype html>');
  web = new WebServer(fakeBackend(), {
    listen: { host: '127.0.0.1', port: 3636 },
    hosts: ['lb.example.com'],
    tokenFile: join(directory, 'tokens.json'),
    auditFile: join(directory, 'audit', 'audit.jsonl'),
    files: new Map([['index.html', { type: 'text/html', bytes, gzipped: bytes, forever: false }]]),
    say: (text) => said.push(text),
  });
  await new Promise<void>((resolve) => web.server.listen(0, '127.0.0.1', resolve));
  port = (web.server.address() as AddressInfo).port;
});

afterEach(() => {
  web.close();
  rmSync(directory, { recursive: true });
});

function writeTokens(all: readonly WebToken[]): void {
  writeFileSync(join(directory, 'tokens.json'), formatTokens(all));
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const own = {
      host: '127.0.0.1:3636',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const asked = httpRequest({ host: '127.0.0.1', port, method, path, headers: { ...own, ...headers } });
    asked.on('error', reject).on('response', (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => {
        const json = /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : undefined;
        resolve({ status: response.statusCode!, headers: response.headers, text, json });
      });
    });
    asked.end(body);
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const page = { origin: 'http://127.0.0.1:3636', 'sec-fetch-site': 'same-origin' };

async function logIn(token: string): Promise<{ cookie: string }> {
  const answer = await ask('POST', '/v1/login', page, JSON.stringify({ token }));
  expect(answer.status).toBe(200);
  return { cookie: answer.headers['set-cookie']![0]!.split(';')[0]! };
}

test('nobody reads anything without a token, but for the files of the page', async () => {
  for (const path of ['/v1/me', '/v1/overview', '/v1/stream', '/v1/status', '/v1/nothing'])
    expect((await ask('GET', path)).status).toBe(401);
  expect(await ask('GET', '/')).toMatchObject({ status: 200, text: '<!doctype html>' });
  for (const path of ['/../tokens.json', '/%2e%2e/tokens.json', '/files.json', '/etc/passwd'])
    expect((await ask('GET', path)).status).toBe(404);
});

test('a cookie keeps who has logged in; scripts cannot read it, other pages do not send it', async () => {
  const answer = await ask('POST', '/v1/login', page, JSON.stringify({ token: tokens.alice }));
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(/^ipvsadm_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/),
  ]);
  const { cookie } = await logIn(tokens.alice);
  expect((await ask('GET', '/v1/me', { cookie })).json).toEqual({
    ...{ name: 'alice', role: 'edit', version: '1.2.3', host: 'lb01' },
    can: { health: true, document: true, generations: true, directors: true },
  } satisfies Me);
  await ask('POST', '/v1/logout', { cookie, ...page }, '{}');
  expect((await ask('GET', '/v1/me', { cookie })).status).toBe(401);
});

test('a token that has ended, is wrong or was taken away is none', async () => {
  for (const token of [tokens.late, newToken(), 'x'])
    expect((await ask('GET', '/v1/me', bearer(token))).status).toBe(401);
  const { cookie } = await logIn(tokens.bob);
  writeTokens([]);
  expect((await ask('GET', '/v1/me', { cookie })).status).toBe(401);
  writeFileSync(join(directory, 'tokens.json'), '{');
  expect((await ask('GET', '/v1/me', bearer(tokens.alice))).json).toMatchObject({
    problem: expect.stringMatching(/tokens\.json: it is not JSON$/),
  });
});

test('after ten wrong tokens within a minute no further one is heard from there, but for right ones', async () => {
  const wrong = JSON.stringify({ token: newToken() });
  for (let attempt = 0; attempt < 10; attempt += 1)
    expect((await ask('POST', '/v1/login', page, wrong)).status).toBe(401);
  const refused = await ask('POST', '/v1/login', page, wrong);
  expect(refused).toMatchObject({
    status: 429,
    headers: { 'retry-after': expect.stringMatching(/^(60|59)$/) },
  });
  expect((await ask('GET', '/v1/me', bearer(newToken()))).status).toBe(429);
  expect((await ask('GET', '/v1/me', bearer(tokens.alice))).status).toBe(200);
  expect((await logIn(tokens.alice)).cookie).toMatch(/^ipvsadm_session=/);
});

test.each([
  ['another name', { host: 'evil.example' }],
  ['another port', { host: '127.0.0.1:80' }],
  ['no name', { host: '' }],
])('is asked by no other name (DNS rebinding): %s', async (_, headers) => {
  expect(await ask('GET', '/', headers)).toMatchObject({
    status: 403,
    json: { problem: expect.stringMatching(/'hosts' of the document adds names$/) },
  });
});

test.each(['127.0.0.1:3636', 'localhost:3636', 'LB.example.com:3636', '[::1]:3636'])(
  'is asked by %s',
  async (host) => {
    expect((await ask('GET', '/', { host })).status).toBe(200);
  },
);

test.each<[string, Readonly<Record<string, string>>]>([
  ['another origin', { origin: 'https://evil.example' }],
  ['an origin without a name', { origin: 'null' }],
  ['a name of another site', { 'sec-fetch-site': 'cross-site' }],
  ['another page of the machine', { 'sec-fetch-site': 'same-site' }],
  ['nobody says who asks', {}],
])('pages of others cannot change anything (CSRF): %s', async (_, headers) => {
  const { cookie } = await logIn(tokens.alice);
  expect(await ask('POST', '/v1/admin', { cookie, ...headers }, '{}')).toMatchObject({
    status: 403,
    json: { problem: expect.stringMatching(/^the request does not come from this page/) },
  });
});

test('a form cannot send what is needed', async () => {
  const { cookie } = await logIn(tokens.alice);
  const headers = { cookie, ...page, 'content-type': 'text/plain' };
  expect((await ask('POST', '/v1/admin', headers, '{}')).status).toBe(415);
});

test('a program with a token needs no Origin', async () => {
  expect(await ask('POST', '/v1/admin', bearer(tokens.alice), '{"admin":"drain"}')).toMatchObject({
    status: 200,
    json: { ok: true, text: 'drain as alice' },
  });
});

test('what is done is in the audit log, with who did it', async () => {
  await ask('POST', '/v1/admin', bearer(tokens.alice), '{"admin":"drain\\n\\u001b[31m"}');
  await ask('POST', '/v1/login', page, JSON.stringify({ token: newToken() }));
  const answer = await ask('GET', '/v1/audit', bearer(tokens.bob));
  expect(answer.json).toEqual([
    expect.objectContaining({ author: '-', role: 'nobody', action: 'log in', ok: false, from: '127.0.0.1' }),
    expect.objectContaining({ author: 'alice', role: 'edit', action: 'drain\\x0a\\x1b[31m', ok: true }),
  ]);
  expect(said[0]).toBe('alice (edit, 127.0.0.1): drain\\x0a\\x1b[31m: done');
  const text = readFileSync(join(directory, 'audit', 'audit.jsonl'), 'utf8');
  expect(text.split('\n')).toHaveLength(3);
});

test('a browser may do little with what it gets', async () => {
  const { headers } = await ask('GET', '/');
  expect(headers).toMatchObject({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  });
});

test('shows services of the document and others, with their servers', async () => {
  const overview = (await ask('GET', '/v1/overview', bearer(tokens.bob))).json as Overview;
  expect(overview.services).toMatchObject([
    { key: 'tcp:192.0.2.10:80', name: 'web', comment: 'the shop', up: 1, down: 1, owner: 'ours', active: 7 },
    { key: 'fwmark:7', name: 'fwmark:7', comment: null, unknown: 0, owner: 'others' },
  ]);
  const path = `/v1/service/${encodeURIComponent('tcp:192.0.2.10:80')}`;
  const detail = (await ask('GET', path, bearer(tokens.bob))).json as ServiceDetail;
  expect(detail).toMatchObject({
    rule: '-A -t 192.0.2.10:80 -s wrr',
    servers: [
      {
        key: '10.0.0.17:80',
        name: 'web1',
        comment: 'rack 7',
        weight: 1,
        meant: 1,
        active: 7,
        health: { state: 'up' },
      },
      { key: '10.0.0.18:80', name: 'web2', comment: null, weight: null, health: { state: 'down' } },
    ],
  });
  expect(detail.servers[0]!.health).not.toHaveProperty('comment');
  expect((await ask('GET', '/v1/service/tcp%3A1', bearer(tokens.bob))).status).toBe(404);
  expect((await ask('GET', '/v1/service/%ff', bearer(tokens.bob))).status).toBe(400);
});
