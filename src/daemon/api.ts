/** The daemon's API over HTTP: bounded in size, time and number, whoever asks. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Director, DirectorEvent } from '../director/types';
import type { Done } from '../web/backend';
import { bodyOf, sendJson } from '../web/body';
import { boundedServer, type Limits } from '../web/bounded-server';
import { type WebRole, webRoles } from '../web/contract';
import { sendInTurns } from './in-turns';
import { oneAtATime } from './one-at-a-time';
import { type ApiAnswer, type ApiContext, type JsonAnswer, problem, type Route } from './route';
import { routes } from './routes';

/** A document of 64 MB, in JSON. */
const MAX_DOCUMENT = 160 * 1024 * 1024;
/** The same through the page. */
const MAX_WEB_DOCUMENT = 16 * 1024 * 1024;
const MAX_BODY = 64 * 1024;
/** What may wait for a slow reader of events. */
const MAX_BEHIND = 1024 * 1024;
const LIMITS: Limits = { requestWithin: 30_000, idle: 120_000, connections: 64 };

/** Who asks through the web page; nobody else than through the socket has all rights. */
export interface ApiCaller {
  readonly name: string;
  readonly role: WebRole;
  /** Whether its token is still good. */
  readonly mayStay: () => boolean;
}

/** @param table the requests that it answers. */
export function apiServer(context: ApiContext, table: readonly Route[] = routes): Server {
  return boundedServer(LIMITS, (request, response) => {
    const { director } = context;
    const generation = () => director.status().generation.wanted;
    void answerRequest({ context, table, generation, director, caller: undefined }, request, response);
  });
}

interface Api<C> {
  readonly context: C;
  readonly table: readonly Route<unknown, C>[];
  /** The number of what is in use. */
  generation(): number;
  /** Whose events are followed. */
  readonly director?: Pick<Director, 'subscribe'> | undefined;
  /** Undefined: whoever may use the socket. */
  readonly caller: ApiCaller | undefined;
}

/** A row, whatever it is answered with. */
type AnyRoute = Omit<Route, 'answer'>;

/** Answers a request. Never rejects. @returns what was done or tried; undefined: it changes nothing. */
export async function answerRequest<C extends object>(
  api: Api<C>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Done | undefined> {
  try {
    return await answer(api, request, response);
  } catch (error) {
    const outcome = `it failed: ${error instanceof Error ? error.message : error}`;
    if (response.headersSent) response.destroy();
    else send(response, problem('refused', outcome));
    if (request.method === 'GET') return undefined;
    return { action: `${request.method} ${request.url?.slice(0, 100)}`, outcome, ok: false };
  }
}

async function answer<C extends object>(
  { context, table, generation, director, caller }: Api<C>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Done | undefined> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://socket');
  const matching = table.filter(({ path }) => path.test(pathname));
  const found = matching.find(({ method }) => method === request.method);
  if (!found) return send(response, noRoute(table, matching, pathname));
  const parameters = decoded(found.path.exec(pathname)!.slice(1));
  if (!parameters) return send(response, problem('invalid', `${pathname}: it is not encoded well`));
  if (caller && !mayUse(caller, found)) return forbid(response, caller, found);
  let body: unknown;
  if (found.body) {
    const read = await bodyOf(request, mostBytes(found, caller));
    if ('problem' in read) return send(response, problem('invalid', read.problem));
    const parsed = found.body.safeParse(read.value);
    if (!parsed.success) return send(response, problem('invalid', z.prettifyError(parsed.error)));
    body = caller ? signed(parsed.data, caller) : parsed.data;
  }
  const perform = async () =>
    outrunBy(generation(), found, request.headers['if-match'], caller) ??
    (await found.answer(context, { parameters, query, body, caller }));
  // A document takes long to read: the next one is compared with the generation that this one makes.
  const answered = found.large && found.action ? await oneAtATime(context, perform) : await perform();
  if ('events' in answered) follow(director!, answered, response, caller);
  else if ('pieces' in answered) {
    response.writeHead(200, { 'content-type': answered.type, connection: 'close' });
    await sendInTurns(response, answered.pieces);
  } else return done(found, body, send(response, answered), answered);
  return undefined;
}

function mayUse({ role }: ApiCaller, { role: needed }: AnyRoute): boolean {
  return needed !== 'socket' && webRoles.indexOf(role) >= webRoles.indexOf(needed);
}

function forbid(response: ServerResponse, { name, role }: ApiCaller, found: AnyRoute): Done | undefined {
  const needed = found.role === 'socket' ? 'the socket of the daemon' : `the role ${found.role}`;
  const refusal = { ok: false, problem: `${found.what[0]} needs ${needed}: ${name} has the role ${role}` };
  send(response, { status: 403, json: refusal });
  return found.action && { action: `${found.method} ${found.what[0]}`, outcome: refusal.problem, ok: false };
}

function mostBytes({ large }: AnyRoute, caller: ApiCaller | undefined): number {
  if (!large) return MAX_BODY;
  return caller ? MAX_WEB_DOCUMENT : MAX_DOCUMENT;
}

/** The page's callers sign with the names of their tokens, whatever they say. */
function signed(body: unknown, { name }: ApiCaller): unknown {
  return typeof body === 'object' && body !== null && 'author' in body ? { ...body, author: name } : body;
}

/** Why a change of what somebody has seen is refused: it is another generation by now. */
function outrunBy(
  now: number,
  { action, what: [path] }: AnyRoute,
  match: string | undefined,
  caller: ApiCaller | undefined,
): JsonAnswer | undefined {
  if (!action) return undefined;
  if (match === undefined) {
    if (!caller) return undefined;
    const json = {
      ok: false,
      problem: `${path} needs If-Match with the generation that was seen, such as "7"`,
    };
    return { status: 428, json };
  }
  if (match === `"${now}"` || match === '*') return undefined;
  return problem(
    'conflict',
    `generation ${now} is in use, and ${match.slice(0, 40)} was seen: look again first`,
  );
}

function done(
  found: AnyRoute,
  body: unknown,
  _sent: undefined,
  { status = 200, json }: JsonAnswer,
): Done | undefined {
  if (!found.action) return undefined;
  const { text, problem: why } = json as { readonly text?: string; readonly problem?: string };
  // Behind the first line of a problem comes the line of the document: not for all who see what was done.
  const [outcome = ''] = (text ?? why ?? `status ${status}`).split('\n');
  return { action: found.action(body), outcome, ok: status === 200 };
}

function noRoute(table: readonly AnyRoute[], matching: readonly AnyRoute[], path: string): JsonAnswer {
  if (matching.length > 0) {
    const methods = matching.map(({ method }) => method).join(', ');
    return { status: 405, json: { ok: false, kind: 'invalid', problem: `${path} takes ${methods}` } };
  }
  const known = table.map(({ method, what: [pattern] }) => `${method} ${pattern}`).join(', ');
  return problem('unknown', `there is no ${path}: there are ${known}`);
}

function decoded(parts: readonly (string | undefined)[]): string[] | undefined {
  try {
    return parts.flatMap((part) => (part === undefined ? [] : [decodeURIComponent(part)]));
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status = 200, json, tag }: JsonAnswer): undefined {
  if (tag !== undefined) response.setHeader('etag', `"${tag}"`);
  response.setHeader('connection', 'close');
  sendJson(response, json, status);
  return undefined;
}

/** Sends events as they come, a line each, until the reader leaves or falls behind. */
function follow(
  director: Pick<Director, 'subscribe'>,
  { events, wants }: Extract<ApiAnswer, { events: unknown }>,
  response: ServerResponse,
  caller: ApiCaller | undefined,
): void {
  response.socket?.setTimeout(0);
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' });
  const tell = (event: DirectorEvent) => {
    if (!wants(event) || response.destroyed) return;
    if (caller && !caller.mayStay()) return void response.destroy();
    response.write(`${JSON.stringify(event)}\n`);
    if (response.writableLength > MAX_BEHIND) response.destroy();
  };
  response.flushHeaders();
  for (const event of events) tell(event);
  const leave = director.subscribe(tell);
  response.on('close', leave);
}
