/**
 * A server for the web page with an invented table, for tests in a browser and for work on the page:
 *
 *   node --import tsx test/web/fake-server.ts [--port 3636] [--services 40] [--servers 8] [--seed 1] [--table]
 *
 * With --table it has a table alone, as `ipvsadm web` without the daemon. The tokens are `view`, `operate` and `edit`, as the roles. It serves dist/web, which npm run build
 * makes, and answers what src/web/contract.ts and docs/daemon.md say.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type WebRole, webRoles } from '../../src/web/contract';
import { type Answer, FakeDaemon, type FakeOptions, refusal } from './fake-daemon';
import { requests } from './fake-requests';

/** As that of the genuine server: nothing but its own files. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const web = join(__dirname, '../../dist/web');

export interface FakeServer {
  readonly url: string;
  readonly daemon: FakeDaemon;
  /** Ends all streams, as a restart of the server does; refuses requests until `up`. */
  down(): void;
  up(): void;
  close(): Promise<void>;
}

export async function startFakeServer(
  options: FakeOptions & { readonly port?: number },
): Promise<FakeServer> {
  const daemon = new FakeDaemon(options);
  let away = false;
  const server = createServer((request, response) => {
    if (away) request.socket.destroy();
    else void answer(daemon, request, response);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    daemon,
    down() {
      away = true;
      server.closeAllConnections();
    },
    up() {
      away = false;
    },
    async close() {
      daemon.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(daemon: FakeDaemon, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
  response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  if (!pathname.startsWith('/v1/')) return sendFile(pathname, response);
  const role = roleOf(request);
  const path = pathname.slice(4);
  try {
    if (path === 'login') return send(response, await logIn(daemon, request, response));
    if (role === undefined) return send(response, refusal(401, 'log in with a token'));
    if (path === 'logout') {
      response.setHeader('set-cookie', 'role=; Max-Age=0; HttpOnly; SameSite=Strict; Path=/');
      return send(response, { json: { ok: true } });
    }
    if (path === 'stream') return stream(daemon, searchParams.get('service'), request, response);
    const body = request.method === 'POST' ? JSON.parse(await bodyOf(request)) : {};
    const seen = /^"(\d+)"$/.exec(request.headers['if-match'] ?? '')?.[1];
    const known = requests.find(
      ({ method, path: pattern }) => method === request.method && pattern.test(path),
    );
    if (!known) return send(response, refusal(404, `${path}: there is no such request`));
    if (webRoles.indexOf(role) < webRoles.indexOf(known.role))
      return send(response, refusal(403, `the token has the role ${role}: ${known.role} is needed`));
    if (known.guarded && seen === undefined) return send(response, refusal(428, `${path} needs If-Match`));
    if (known.guarded && Number(seen) !== daemon.generation)
      return send(response, refusal(409, `generation ${seen} was seen: ${daemon.generation} is in use`));
    const parameters = known.path.exec(path)!.slice(1).map(decodeURIComponent);
    send(response, await known.answer(daemon, { role, parameters, query: searchParams, body }));
  } catch (error) {
    send(response, refusal(400, String(error)));
  }
}

async function logIn(
  daemon: FakeDaemon,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer> {
  const { token } = JSON.parse(await bodyOf(request)) as { token: string };
  const role = webRoles.find((name) => name === token);
  if (!role) return refusal(401, 'the token is not known');
  response.setHeader('set-cookie', `role=${role}; HttpOnly; SameSite=Strict; Path=/`);
  return { json: daemon.me(role) };
}

function roleOf(request: IncomingMessage): WebRole | undefined {
  const role = /(?:^|; )role=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  return webRoles.find((name) => name === role);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const piece of request) text += piece;
  return text;
}

function send(response: ServerResponse, { status = 200, json, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(json));
}

/** Read each time: a build may come in between. */
function sendFile(pathname: string, response: ServerResponse): void {
  const files = JSON.parse(readFileSync(join(web, 'files.json'), 'utf8')) as Record<string, string>;
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  if (!Object.hasOwn(files, name)) {
    send(response, refusal(404, 'there is no such file'));
    return;
  }
  response.writeHead(200, { 'content-type': files[name] });
  response.end(readFileSync(join(web, name)));
}

function stream(
  daemon: FakeDaemon,
  service: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const over = daemon.listen(service, (name, data) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  request.on('close', over);
}

if (require.main === module) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '3636' },
      services: { type: 'string', default: '40' },
      servers: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      table: { type: 'boolean', default: false },
    },
  });
  const { port, services, servers, seed, table } = values;
  const numbers = {
    port: Number(port),
    services: Number(services),
    servers: Number(servers),
    seed: Number(seed),
  };
  const cannot = { health: false, document: false, generations: false, directors: false };
  startFakeServer({ ...numbers, ...(table && { cannot }) }).then(({ url }) =>
    console.log(`${url} (tokens: ${webRoles.join(', ')})`),
  );
}
