/** The daemon's API over HTTP: bounded in size, time and number, whoever asks. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { DirectorEvent } from '../director/types';
import { boundedServer, type Limits } from '../web/bounded-server';
import { sendInTurns } from './in-turns';
import { type ApiAnswer, type ApiContext, type JsonAnswer, problem, type Route } from './route';
import { routes } from './routes';

/** A document of 64 MB, in JSON. */
const MAX_DOCUMENT = 160 * 1024 * 1024;
const MAX_BODY = 64 * 1024;
/** What may wait for a slow reader of events. */
const MAX_BEHIND = 1024 * 1024;
const LIMITS: Limits = { requestWithin: 30_000, idle: 120_000, connections: 64 };

/** @param table the requests that it answers. */
export function apiServer(context: ApiContext, table: readonly Route[] = routes): Server {
  return boundedServer(LIMITS, (request, response) => {
    answer(context, table, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, problem('refused', `it failed: ${error instanceof Error ? error.message : error}`));
    });
  });
}

async function answer(
  context: ApiContext,
  table: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://socket');
  const matching = table.filter(({ path }) => path.test(pathname));
  const found = matching.find(({ method }) => method === request.method);
  if (!found) return send(response, noRoute(table, matching, pathname));
  const parameters = decoded(found.path.exec(pathname)!.slice(1));
  if (!parameters) return send(response, problem('invalid', `${pathname}: it is not encoded well`));
  let body: unknown;
  if (found.body) {
    const read = await bodyOf(request, pathname.endsWith('/reload') ? MAX_DOCUMENT : MAX_BODY);
    if ('problem' in read) return send(response, problem('invalid', read.problem));
    const parsed = found.body.safeParse(read.value);
    if (!parsed.success) return send(response, problem('invalid', z.prettifyError(parsed.error)));
    body = parsed.data;
  }
  const answered = await found.answer(context, { parameters, query, body });
  if ('events' in answered) follow(context, answered, response);
  else if ('pieces' in answered) {
    response.writeHead(200, { 'content-type': answered.type, connection: 'close' });
    await sendInTurns(response, answered.pieces);
  } else send(response, answered);
}

function noRoute(table: readonly Route[], matching: readonly Route[], path: string): JsonAnswer {
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

/** Reads a body of JSON. */
async function bodyOf(
  request: IncomingMessage,
  most: number,
): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > most) return { problem: `the body has more than ${most} bytes` };
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return { value: text === '' ? {} : (JSON.parse(text) as unknown) };
  } catch {
    return { problem: 'the body is not JSON' };
  }
}

function send(response: ServerResponse, { status = 200, json }: JsonAnswer): void {
  const body = `${JSON.stringify(json)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}

/** Sends events as they come, a line each, until the reader leaves or falls behind. */
function follow(
  { director }: ApiContext,
  { events, wants }: Extract<ApiAnswer, { events: unknown }>,
  response: ServerResponse,
): void {
  response.socket?.setTimeout(0);
  response.writeHead(200, { 'content-type': 'application/x-ndjson', connection: 'close' });
  const tell = (event: DirectorEvent) => {
    if (!wants(event)) return;
    response.write(`${JSON.stringify(event)}\n`);
    if (response.writableLength > MAX_BEHIND) response.destroy();
  };
  response.flushHeaders();
  for (const event of events) tell(event);
  const leave = director.subscribe(tell);
  response.on('close', leave);
}
