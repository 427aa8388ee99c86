/**
 * The server of the web page. Before anything is answered: the name it was asked by, who asks, and
 * whether a page of somebody else has sent them. Then one of `ownRequests`, or the backend.
 */
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ListenAddress } from '../state/document/listen-address';
import { AuditLog } from './audit';
import type { Done, WebBackend } from './backend';
import { bodyOf, sendJson, sendProblem } from './body';
import { boundedServer, type Limits } from './bounded-server';
import type { AuditEntry, Me } from './contract';
import { type PageFile, sendFile } from './files';
import { safeHeaders } from './headers';
import { Live, MAX_VIEWERS } from './live';
import { type OwnName, ownRequests } from './own-requests';
import { foreignHost, foreignPage, ownHosts } from './same-origin';
import { type Caller, Sessions, secretOf, sessionCookie } from './sessions';
import { Throttle } from './throttle';
import { TokenFile } from './token-file';

const LIMITS: Limits = { requestWithin: 30_000, idle: 120_000, connections: 512, keepAlive: 5000 };
const MAX_LOGIN = 4096;

export interface WebOptions {
  readonly listen: ListenAddress;
  /** In PEM. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  /** Names by which browsers reach it, beside its address. */
  readonly hosts?: readonly string[] | undefined;
  readonly tokenFile: string;
  readonly auditFile: string;
  readonly files: ReadonlyMap<string, PageFile>;
  /** Hears what was done and what went wrong. */
  say(text: string): void;
}

/** What a request is answered with. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly caller: Caller;
}

type Own = (asked: Asked, parameter: string) => void | Promise<void>;

export class WebServer {
  readonly server: Server;
  readonly live: Live;
  readonly #tokens: TokenFile;
  readonly #sessions: Sessions;
  readonly #throttle = new Throttle();
  readonly #audit: AuditLog;
  readonly #hosts: ReadonlySet<string>;

  constructor(
    readonly backend: WebBackend,
    readonly options: WebOptions,
  ) {
    this.#tokens = new TokenFile(options.tokenFile);
    this.#sessions = new Sessions(() => this.#tokens.tokens());
    this.#audit = new AuditLog(options.auditFile, options.say);
    this.#hosts = ownHosts(options.listen, options.tls !== undefined, options.hosts);
    this.server = boundedServer(LIMITS, (...each) => void this.#handle(...each), options.tls);
    // After what may fail, such as a certificate: it goes on until it is closed.
    this.live = new Live(backend, options.say);
  }

  close(): void {
    this.live.close();
    this.server.close();
    this.server.closeAllConnections();
  }

  readonly #own: Readonly<Record<OwnName, Own>> = {
    me: ({ response, caller }) => sendJson(response, this.#me(caller)),
    overview: async ({ response }) => sendJson(response, await this.live.overview()),
    service: async ({ response }, key) => found(response, key, await this.live.service(key)),
    rates: ({ response }, key) => found(response, key, this.live.rates(key)),
    audit: ({ response }) => sendJson(response, this.#audit.entries()),
    stream: (asked) => this.#stream(asked),
    logout: (asked) => this.#logout(asked),
  };

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value);
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendProblem(response, 502, `it failed: ${error instanceof Error ? error.message : error}`);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, method = '' } = request;
    const strange = foreignHost(headers, this.#hosts);
    if (strange !== undefined) return sendProblem(response, 403, strange);
    const url = urlOf(request);
    if (!url) return sendProblem(response, 400, 'the address is not encoded well');
    if (!url.pathname.startsWith('/v1/'))
      return sendFile(this.options.files, url.pathname, request, response);
    const caller = this.#caller(request);
    if (typeof caller === 'number') return tooMany(response, caller);
    if (method !== 'GET') {
      const foreign = foreignPage(headers, this.#hosts, {
        byCookie: caller?.by !== 'token',
        secure: this.options.tls !== undefined,
      });
      if (foreign !== undefined) {
        if (caller)
          this.#note(request, caller, { action: `${method} ${url.pathname}`, outcome: foreign, ok: false });
        return sendProblem(response, 403, foreign);
      }
      if (!/^application\/json(?:;|$)/.test(headers['content-type'] ?? ''))
        return sendProblem(response, 415, 'the body must be application/json');
    }
    if (method === 'POST' && url.pathname === '/v1/login') return await this.#login(request, response);
    if (!caller)
      return sendProblem(response, 401, this.#tokens.problem ?? "log in: 'ipvsadm web token' makes a token");
    const asked: Asked = { request, response, url, caller };
    for (const [name, own] of Object.entries(ownRequests)) {
      const match = own.method === method ? own.path.exec(url.pathname) : null;
      if (match) return await this.#own[name as OwnName](asked, decodeURIComponent(match[1] ?? ''));
    }
    const mayStay = () => this.#mayStay(request, caller);
    const done = await this.backend.answer(request, response, { ...caller, mayStay });
    if (done) this.#note(request, caller, done);
  }

  /** @returns milliseconds to wait after too many wrong tokens; undefined: nobody. */
  #caller({ headers, socket }: IncomingMessage): Caller | number | undefined {
    const token = bearerOf(headers);
    if (token === undefined) return this.#sessions.caller(secretOf(headers.cookie));
    const address = socket.remoteAddress ?? '';
    // A right one is heard whatever others try from there: none can be guessed in the time that the world has.
    const caller = this.#sessions.bearer(token);
    if (caller) return caller;
    const wait = this.#throttle.wait(address);
    if (wait > 0) return wait;
    this.#throttle.failed(address);
    return undefined;
  }

  async #login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? '';
    const body = await bodyOf(request, MAX_LOGIN);
    const { token } = 'value' in body ? ((body.value ?? {}) as { token?: unknown }) : {};
    const session = typeof token === 'string' ? this.#sessions.begin(token) : undefined;
    if (!session) {
      const wait = this.#throttle.wait(address);
      if (wait > 0) return tooMany(response, wait);
      this.#throttle.failed(address);
      const outcome = this.#tokens.problem ?? 'there is no such token';
      this.#note(request, undefined, { action: 'log in', outcome, ok: false });
      return sendProblem(response, 401, `${outcome}: 'ipvsadm web token' makes one`);
    }
    this.#note(request, session.caller, { action: 'log in', outcome: 'logged in', ok: true }, true);
    response.setHeader('set-cookie', sessionCookie(session.secret, this.options.tls !== undefined));
    sendJson(response, this.#me(session.caller));
  }

  #logout({ request, response }: Asked): void {
    this.#sessions.end(secretOf(request.headers.cookie));
    response.setHeader('set-cookie', sessionCookie(undefined, this.options.tls !== undefined));
    sendJson(response, { ok: true });
  }

  #me({ name, role }: Caller): Me {
    const { can, host, version } = this.backend;
    return { name, role, version, host, can };
  }

  async #stream({ request, response, url, caller }: Asked): Promise<void> {
    if (this.live.viewers >= MAX_VIEWERS)
      return sendProblem(response, 503, `${MAX_VIEWERS} others watch: close one`);
    const mayStay = () => this.#mayStay(request, caller);
    await this.live.follow({ response, service: url.searchParams.get('service') ?? undefined, mayStay });
  }

  /** Whether the token is still good: wrong ones that others of the same address try do not count. */
  #mayStay({ headers }: IncomingMessage, { name, role, by }: Caller): boolean {
    const now =
      by === 'token'
        ? this.#sessions.bearer(bearerOf(headers) ?? '')
        : this.#sessions.caller(secretOf(headers.cookie));
    return now?.name === name && now.role === role;
  }

  /** @param idle whether it has changed nothing. */
  #note({ socket }: IncomingMessage, caller: Caller | undefined, done: Done, idle = !done.ok): void {
    const { name: author = '-', role = 'nobody' as const } = caller ?? {};
    const entry: AuditEntry = { at: Date.now(), author, role, from: socket.remoteAddress ?? '', ...done };
    if (idle) this.#audit.addIdle(entry);
    else this.#audit.add(entry);
  }
}

function bearerOf({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** @returns undefined for one that is not encoded well. */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  try {
    const parsed = new URL(url, 'http://page');
    decodeURIComponent(parsed.pathname);
    return parsed;
  } catch {
    return undefined;
  }
}

function found(response: ServerResponse, key: string, value: unknown): void {
  if (value === undefined) sendProblem(response, 404, `${key.slice(0, 100)}: there is no such service`);
  else sendJson(response, value);
}

function tooMany(response: ServerResponse, wait: number): void {
  const seconds = Math.ceil(wait / 1000);
  response.setHeader('retry-after', seconds);
  sendProblem(response, 429, `too many wrong tokens: try again in ${seconds} s`);
}
