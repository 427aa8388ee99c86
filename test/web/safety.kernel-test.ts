/** Who may do what to the real daemon through the page's server: requests that the page never sends. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import type { AuditEntry } from '../../src/web/contract';
import { ask, cookieOf } from './asking';
import { openBrowser, visit } from './browser';
import { type Ground, openGround } from './ground';

const stranger = 'attacker.example';

jest.setTimeout(60_000);

let ground: Ground;
let browser: Browser;

beforeAll(async () => {
  // What a name server of an attacker answers once his page is loaded.
  browser = await openBrowser(`--host-resolver-rules=MAP ${stranger} 127.0.0.1`);
  ground = await openGround();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await ground?.close();
}, 30_000);

const drain = { service: 'web', server: 'web02', admin: 'drain', reason: 'attack' };

async function admins(): Promise<string> {
  return (
    await ground.run(
      `asks health --json | node -p "JSON.parse(require('fs').readFileSync(0)).map((one) => one.admin).join()"`,
    )
  ).trim();
}

test('without a token there is the page, and nothing else', async () => {
  const paths = [
    'me',
    'overview',
    'stream',
    'document',
    'audit',
    'health',
    'status',
    'metrics',
    'doctor',
    'nothing',
  ];
  const answers = await Promise.all(paths.map((path) => ask(ground.origin, `/v1/${path}`)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 401));

  const page = await ask(ground.origin, '/');
  expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
});

test('reads no file of the machine', async () => {
  const paths = [
    ...['/../../../../etc/passwd', '/%2e%2e/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd'],
    ...['//etc/passwd', '/files.json', '/index.html/../files.json', '/%00', '/.', '/page.js.map'],
  ];
  for (const path of paths) {
    const { status, body } = await ask(ground.origin, path);
    expect([path, status]).toEqual([path, expect.any(Number)]);
    expect([path, status >= 400 || body.includes('<!doctype html>')]).toEqual([path, true]);
    expect(body).not.toContain('root:');
  }
});

test('every answer says what a browser may do with it', async () => {
  for (const path of ['/', '/v1/me', '/nothing']) {
    const { headers } = await ask(ground.origin, path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  }
});

test('a role does what it may', async () => {
  const by = (role: 'view' | 'operate' | 'edit') => ({ authorization: `Bearer ${ground.tokens[role]}` });
  const tries = [
    ['view', '/v1/overview', undefined, 200],
    ['view', '/v1/admin', drain, 403],
    ['view', '/v1/weight', { service: 'web', server: 'web02', weight: 7 }, 403],
    ['view', '/v1/check', { service: 'web', server: 'web02' }, 403],
    ['view', '/v1/rollback', {}, 403],
    ['operate', '/v1/reload', { text: 'services: []', name: 'x.yaml' }, 403],
    ['operate', '/v1/rollback', {}, 403],
    ['operate', '/v1/stop', {}, 403],
    ['operate', '/v1/check', { service: 'web', server: 'web02' }, 200],
  ] as const;
  for (const [role, path, body, status] of tries) {
    const answer = await ask(ground.origin, path, { headers: by(role), body });
    expect([role, path, answer.status, answer.body]).toEqual([role, path, status, expect.any(String)]);
  }
  expect(await admins()).toBe('ready,ready');
});

test('refuses changes that another page asks for (CSRF), and writes them into the audit log', async () => {
  const { cookie, origin } = await cookieOf(ground.origin, ground.tokens.edit);
  const tries: [string, Record<string, string>][] = [
    ['no origin', {}],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['another site', { origin: `http://${stranger}` }],
    ['no site', { origin: 'null' }],
    ['a browser says so', { origin: String(origin), 'sec-fetch-site': 'cross-site' }],
    ['another machine of the site', { origin: String(origin), 'sec-fetch-site': 'same-site' }],
  ];
  for (const [what, headers] of tries) {
    const { status } = await ask(ground.origin, '/v1/admin', {
      headers: { cookie, ...headers },
      body: drain,
    });
    expect([what, status]).toEqual([what, 403]);
  }
  const form = { headers: { cookie, origin, 'content-type': 'text/plain' }, body: JSON.stringify(drain) };
  expect(await ask(ground.origin, '/v1/admin', form)).toMatchObject({ status: 415 });
  expect(await admins()).toBe('ready,ready');

  expect(await refusedChanges()).toBe(tries.length);
});

/** Of the editor, by the audit log. */
async function refusedChanges(): Promise<number> {
  const headers = { authorization: `Bearer ${ground.tokens.edit}` };
  const { body } = await ask(ground.origin, '/v1/audit', { headers });
  const entries = JSON.parse(body) as AuditEntry[];
  return entries.filter(
    ({ ok, author, action }) => !ok && author === 'edit-er' && action.endsWith('/v1/admin'),
  ).length;
}

test('a page on another port, in a browser that is logged in, changes and reads nothing', async () => {
  const before = await refusedChanges();
  const attacker = await serveAttack();
  try {
    const expected = /Failed to load|CORS|ERR_/;
    await visit(browser, { expected }, async (page) => {
      await page.context().request.post(`${ground.origin}/v1/login`, {
        data: { token: ground.tokens.edit },
        headers: { origin: ground.origin },
      });
      await page.goto(`http://127.0.0.1:${(attacker.address() as AddressInfo).port}/`);
      const outcome = await page.evaluate<string[]>('attack()');
      expect(outcome).toEqual(['read: TypeError', 'fetch: TypeError', 'no-cors: TypeError']);
      await page.evaluate('document.forms[0].submit()');
      await page.waitForURL(`${ground.origin}/v1/admin`);
    });
  } finally {
    attacker.close();
  }
  // The browser has sent the cookie with the request without CORS, and with the form.
  expect(await refusedChanges()).toBe(before + 2);
  expect(await admins()).toBe('ready,ready');
});

/** A page that tries what a browser lets it. It is of the same site, so the cookie is sent along. */
async function serveAttack(): Promise<Server> {
  const target = `${ground.origin}/v1`;
  const html = `<form method=post enctype=text/plain action="${target}/admin">
    <input name='{"service":"web","server":"web02","admin":"drain","reason":"' value='"}'></form>
    <script>
      const said = (name, promise) => promise.then(({ type }) => name + ': ' + type, ({ name: error }) => name + ': ' + error);
      const body = '${JSON.stringify(drain)}';
      const attack = () => Promise.all([
        said('read', fetch('${target}/overview', { credentials: 'include' })),
        said('fetch', fetch('${target}/admin', { method: 'POST', credentials: 'include', body, headers: { 'content-type': 'application/json' } })),
        said('no-cors', fetch('${target}/admin', { method: 'POST', mode: 'no-cors', credentials: 'include', body })),
      ]);
    </script>`;
  const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(html));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('a name of somebody else that points here (DNS rebinding) gets nothing', async () => {
  const port = new URL(ground.origin).port;
  const rebound = `http://${stranger}:${port}`;
  const { authorization, ...none } = { authorization: `Bearer ${ground.tokens.edit}` };
  for (const host of [
    `${stranger}:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port}.${stranger}`,
    `192.0.2.10:${port}`,
  ]) {
    for (const path of ['/', '/v1/overview']) {
      const { status, problem } = await ask(ground.origin, path, {
        headers: { authorization, ...none, host },
      });
      expect([host, path, status, problem]).toEqual([
        host,
        path,
        403,
        expect.stringContaining(`not '${host}'`),
      ]);
    }
  }
  await visit(browser, { expected: /403|Cross-Origin-Opener-Policy/ }, async (page) => {
    expect((await page.goto(`${rebound}/`))?.status()).toBe(403);
    expect((await page.goto(`http://localhost:${port}/`))?.status()).toBe(200);
  });
});

test('takes no body without end, and no change on what is not the newest', async () => {
  const headers = { authorization: `Bearer ${ground.tokens.edit}` };
  const large = await ask(ground.origin, '/v1/reload', {
    headers,
    body: { text: 'x'.repeat(64 * 1024 * 1024), name: 'x.yaml' },
  }).catch((error: Error) => error);
  expect(large instanceof Error || large.status === 413 || large.status === 422).toBe(true);
  const stale = await ask(ground.origin, '/v1/admin', {
    headers: { ...headers, 'if-match': '"99"' },
    body: drain,
  });
  expect(stale).toMatchObject({ status: 409 });
  expect(await admins()).toBe('ready,ready');
});

test('a token that is taken back, or whose time is over, is none', async () => {
  const made = await ground.run('"$IPVSADM_NODE" web token short --role operate');
  const token = /ipvsadm_[\w-]{43}/.exec(made)![0];
  const session = await cookieOf(ground.origin, token);
  expect(await ask(ground.origin, '/v1/me', { headers: session })).toMatchObject({ status: 200 });
  await ground.run('"$IPVSADM_NODE" web revoke short');
  expect(await ask(ground.origin, '/v1/me', { headers: session })).toMatchObject({ status: 401 });
  expect(
    await ground.run('cat /etc/ipvsadm/web-tokens.json; stat -c %a /etc/ipvsadm/web-tokens.json'),
  ).not.toContain(token);
});

test('after ten wrong tokens no further one is answered from there for a while, but for right ones', async () => {
  const attempts = [];
  for (let count = 0; count < 11; count++) {
    const { status, headers } = await ask(ground.origin, '/v1/login', {
      headers: { origin: ground.origin },
      body: { token: `ipvsadm_${'A'.repeat(42)}${count % 10}` },
    });
    attempts.push([status, 'retry-after' in headers]);
  }
  expect(attempts).toEqual([...Array.from({ length: 10 }, () => [401, false]), [429, true]]);
  const right = { headers: { origin: ground.origin }, body: { token: ground.tokens.edit } };
  expect(await ask(ground.origin, '/v1/login', right)).toMatchObject({ status: 200 });
});
