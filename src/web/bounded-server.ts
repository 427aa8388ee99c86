/** An HTTP server that nobody can fill or hold up. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Times are in milliseconds. */
export interface Limits {
  /** For a whole request, with its body. */
  readonly requestWithin: number;
  /** Without a byte in either direction. */
  readonly idle: number;
  readonly connections: number;
}

const HEADERS_WITHIN = 5000;
const MAX_HEADERS = 16 * 1024;

export function boundedServer(
  { requestWithin, idle, connections }: Limits,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADERS,
      headersTimeout: HEADERS_WITHIN,
      requestTimeout: requestWithin,
      connectionsCheckingInterval: 1000,
    },
    (request, response) => {
      // One request a connection: nobody keeps one for nothing.
      response.shouldKeepAlive = false;
      response.on('error', () => {});
      handle(request, response);
    },
  );
  server.maxConnections = connections;
  server.timeout = idle;
  return server;
}
