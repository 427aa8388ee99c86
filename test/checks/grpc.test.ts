/** gRPC's health service, on servers of node:http2. */
import { createSecureServer, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { Server } from 'node:net';
import type { CheckKind } from '../../src/model/check';
import { caPath, certificate, closeServers, listening, tcpServer } from './servers';
import { checked } from './targets';

afterEach(closeServers);

const grpc: CheckKind = { type: 'grpc', service: 'shop.Cart' };

/** A message with its prefix. */
function framed(...bytes: number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]);
}

interface Reply {
  readonly status?: number;
  readonly body?: Buffer;
  readonly trailers?: Record<string, string>;
}

function answer(
  stream: ServerHttp2Stream,
  { status = 200, body, trailers = { 'grpc-status': '0' } }: Reply,
): void {
  const headers = { ':status': status, 'content-type': 'application/grpc' };
  if (!body) {
    stream.respond({ ...headers, ...trailers }, { endStream: true });
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(body);
}

function serve(reply: Reply): Promise<number> {
  return listeningTo(createServer(), reply);
}

function listeningTo(server: Http2Server, reply: Reply): Promise<number> {
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    answer(stream, reply);
  });
  server.on('sessionError', () => {});
  return listening(server as unknown as Server);
}

const replies: [name: string, reply: Reply, said: string][] = [
  ['SERVING', { body: framed(8, 1) }, 'ok: SERVING'],
  [
    'SERVING among fields of later versions',
    { body: framed(0x12, 2, 9, 9, 8, 1, 0x18, 0x80, 1) },
    'ok: SERVING',
  ],
  ['NOT_SERVING', { body: framed(8, 2) }, 'body: NOT_SERVING, expected SERVING'],
  ['the default', { body: framed() }, 'body: UNKNOWN, expected SERVING'],
  ['a later status', { body: framed(8, 9) }, 'body: status 9, expected SERVING'],
  [
    'an unknown service',
    { trailers: { 'grpc-status': '5', 'grpc-message': 'unknown service' } },
    'body: gRPC status 5 (NOT_FOUND): "unknown service", expected 0 (OK)',
  ],
  [
    'no health service',
    { trailers: { 'grpc-status': '12' } },
    'body: gRPC status 12 (UNIMPLEMENTED), expected 0 (OK)',
  ],
  [
    'a failure behind the message',
    { body: framed(8, 1), trailers: { 'grpc-status': '13' } },
    'body: gRPC status 13 (INTERNAL), expected 0 (OK)',
  ],
  ['no gRPC status', { body: framed(8, 1), trailers: {} }, 'body: the answer has no gRPC status'],
  ['a status of HTTP', { status: 503, trailers: {} }, 'body: status 503 of HTTP, expected 200'],
  [
    'half a message',
    { body: framed(8, 1).subarray(0, 6) },
    'body: the answer has 6 bytes, which are no complete message',
  ],
  ['a compressed message', { body: Buffer.from([1, 0, 0, 0, 2, 8, 1]) }, 'body: the answer is compressed'],
  ['another message', { body: framed(0x0d, 1, 2, 3, 4) }, 'body: the answer is no health response'],
  ['too much', { body: Buffer.alloc(100_000) }, 'body: the answer is longer than 4096 bytes'],
];

test.each(replies)('%s', async (_, reply, said) => {
  expect((await checked(grpc, await serve(reply))).said).toBe(said);
});

test('the request', async () => {
  const server = createServer();
  const seen: unknown[] = [];
  server.on('stream', (stream, headers) => {
    stream.once('data', (bytes: Buffer) => {
      seen.push(
        headers[':method'],
        headers[':path'],
        headers['content-type'],
        headers.te,
        bytes.toString('latin1'),
      );
      answer(stream, { body: framed(8, 1) });
    });
  });
  await checked(grpc, await listening(server as unknown as Server));
  expect(seen).toEqual([
    'POST',
    '/grpc.health.v1.Health/Check',
    'application/grpc',
    'trailers',
    '\0\0\0\0\x0b\x0a\x09shop.Cart',
  ]);
});

test('over TLS', async () => {
  const server = createSecureServer(certificate('right').options());
  const port = await listeningTo(server as unknown as Http2Server, { body: framed(8, 1) });
  const tls = { verify: true, ca: caPath, sni: 'www.example.com', warnDays: 14 };
  const { said, result } = await checked({ ...grpc, tls } as CheckKind, port);
  expect(said).toBe('ok: SERVING');
  expect(result.certificateEnds).toBe(Date.parse('2126-01-01T00:00:00Z'));
});

test('a server of HTTP/1', async () => {
  const port = await tcpServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  expect((await checked(grpc, port)).said).toMatch(
    /: the server does not speak HTTP\/2, or closed the connection$/,
  );
});

test('a server that opens HTTP/2 and never answers', async () => {
  const server = createServer();
  server.on('stream', (stream) => stream.on('error', () => {}));
  const port = await listening(server as unknown as Server);
  expect((await checked(grpc, port, { timeout: 200 })).said).toBe(
    'wait: nothing answered within 200ms after connecting',
  );
});

test('a server that resets the stream', async () => {
  const server = createServer();
  server.on('stream', (stream) => stream.on('error', () => {}).close(11));
  const { result } = await checked(grpc, await listening(server as unknown as Server));
  expect(result).toMatchObject({
    ok: false,
    message: 'the server does not speak HTTP/2, or closed the connection',
  });
});
