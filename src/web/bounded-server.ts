/** An HTTP server that nobody can fill or hold up. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';

/** Times are in milliseconds. */
export interface Limits {
  /** For a whole request, with its body. */
  readonly requestWithin: number;
  /** Without a byte in either direction. */
  readonly idle: number;
  readonly connections: number;
  /** How long a connection waits for another request; absent: it has one. */
  readonly keepAlive?: number | undefined;
}

const HEADERS_WITHIN = 5000;
const MAX_HEADERS = 16 * 1024;

/** @param tls what a server over TLS needs; absent: one without it. */
export function boundedServer(
  { requestWithin, idle, connections, keepAlive }: Limits,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  tls?: Pick<ServerOptions, 'cert' | 'key'>,
): Server {
  const options = {
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: HEADERS_WITHIN,
    requestTimeout: requestWithin,
    connectionsCheckingInterval: 1000,
    ...(keepAlive === undefined ? {} : { keepAliveTimeout: keepAlive }),
  };
  const bounded = (request: IncomingMessage, response: ServerResponse) => {
    // Without keepAlive one request a connection: nobody keeps one for nothing.
    if (keepAlive === undefined) response.shouldKeepAlive = false;
    response.on('error', () => {});
    handle(request, response);
  };
  const server = tls
    ? (createSecureServer(
        { ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HEADERS_WITHIN },
        bounded,
      ) as unknown as Server)
    : createServer(options, bounded);
  server.maxConnections = connections;
  server.timeout = idle;
  return server;
}
