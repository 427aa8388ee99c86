/**
 * The real servers: a process that answers for all addresses, and fails for some. It reads lines: `fail
 * HOST`, `heal HOST`, `count`, which prints how many connections it has had.
 */
import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { HTTP_PORT, hostAddress, isHttp, TCP_PORT } from './document';

const HOSTS = Number(process.argv[2]);
const BACKLOG = 511;
const failing = new Set<string>();
const listeners = new Map<number, Server>();
let connections = 0;

const answer = (status: string) => `HTTP/1.1 ${status}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n`;

/** One listener for all pages; those of hosts that fail have status 503. */
function pages(): Server {
  return createServer((socket) => {
    connections += 1;
    const { localAddress = '' } = socket;
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(answer(failing.has(localAddress) ? '503 Gone' : '200 OK')));
  });
}

/** A listener of its own for each host of TCP, so that it can refuse. */
function listen(host: number): Promise<void> {
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => socket.destroy()).resume();
  });
  listeners.set(host, server);
  return new Promise((resolve) => server.listen(TCP_PORT, hostAddress(host), BACKLOG, resolve));
}

const work: Readonly<Record<string, (host: number) => void>> = {
  fail(host) {
    if (isHttp(host)) failing.add(hostAddress(host));
    else listeners.get(host)?.close();
  },
  heal(host) {
    if (isHttp(host)) failing.delete(hostAddress(host));
    else void listen(host);
  },
  count: () => console.log(connections),
};

async function main(): Promise<void> {
  pages().listen(HTTP_PORT, '0.0.0.0', BACKLOG);
  for (let host = 0; host < HOSTS; host += 2) await listen(host);
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [name = '', host] = line.split(' ');
    work[name]?.(Number(host));
  }
  process.exit();
}

void main();
