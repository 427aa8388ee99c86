/** Servers of 127.0.0.1 for the tests of checks; all are closed after each test. */
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

const closing: (() => Promise<void>)[] = [];

export async function closeServers(): Promise<void> {
  await Promise.all(closing.splice(0).map((close) => close()));
}

/** @returns its port. */
export function listening(server: Server, host = '127.0.0.1'): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  );
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}

export type Serve = (socket: Socket) => void;

export function tcpServer(serve: Serve, host?: string): Promise<number> {
  return listening(createServer({ allowHalfOpen: true }, quiet(serve)), host);
}

export function tlsServer(serve: Serve, options: TlsOptions): Promise<number> {
  const server = createTlsServer(options, quiet(serve));
  server.on('tlsClientError', () => {});
  return listening(server);
}

function quiet(serve: Serve): Serve {
  return (socket) => {
    socket.on('error', () => {});
    serve(socket);
  };
}

export function udpServer(
  serve: (bytes: Buffer, answer: (bytes: Uint8Array) => void) => void,
): Promise<number> {
  const socket: Datagrams = createSocket('udp4');
  socket.on('message', (bytes, from) =>
    serve(bytes, (answer) => socket.send(answer, from.port, from.address)),
  );
  closing.push(() => new Promise((resolve) => socket.close(() => resolve())));
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => resolve(socket.address().port));
  });
}

/** Waits for the request, then sends an answer and closes. */
export function answering(answer: string | Buffer): Serve {
  return (socket) => {
    socket.once('data', () => socket.end(Buffer.from(answer as string, 'latin1')));
  };
}

/** Sends a text byte by byte, each after some milliseconds. */
export function trickling(text: string, pause: number): Serve {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      if (at < text.length) socket.write(text[at++]!);
    }, pause);
    socket.on('close', () => clearInterval(timer)).resume();
  };
}

/** The paths of a certificate's files, and the options of a server with it. */
export function certificate(name: string) {
  const [certificatePath, keyPath] = ['pem', 'key'].map((end) =>
    join(__dirname, `certificates/${name}.${end}`),
  );
  return {
    certificatePath: certificatePath!,
    keyPath: keyPath!,
    options: () => ({ cert: readFileSync(certificatePath!), key: readFileSync(keyPath!) }),
  };
}

export const caPath = join(__dirname, 'certificates/ca.pem');
