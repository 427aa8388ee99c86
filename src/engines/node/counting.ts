/** CountingClient on Node. */
import { connect, type Socket } from 'node:net';
import type { CountingClient, CountingTarget, LossCount } from '../../platform/counting';

const EVERY = 20;
const LIMIT = 250;
/** Between two lines of a request that does not end. */
const SPEAK = 500;
const READY = 5000;
/** Longer than the kernel takes to send again what was lost. */
const PATIENCE = 8000;

interface Request {
  readonly at: number;
  ok?: boolean;
}

interface Staying {
  readonly socket: Socket;
  connected: boolean;
  answered: boolean;
  closed: boolean;
}

export function countingClient(target: CountingTarget): CountingClient {
  const { address: host, port, connections } = target;
  let requests: Request[] = [];
  const staying = Array.from({ length: connections }, () => stay(host, port));
  const asking = setInterval(() => requests.push(ask(host, port)), EVERY);
  const speaking = setInterval(() => speak(staying, 'x-ipvsadm: ha test\r\n'), SPEAK);
  return {
    ready: () => until(READY, () => staying.every(({ connected }) => connected)),
    mark() {
      requests = [];
    },
    count: () => countOf(requests),
    async end() {
      clearInterval(asking);
      clearInterval(speaking);
      // What a server has said before, because the request was slow or none of HTTP, counts for nothing.
      for (const one of staying) one.answered = false;
      speak(staying, '\r\n');
      await until(PATIENCE, () => staying.every((one) => one.answered || one.closed));
      for (const { socket } of staying) socket.destroy();
      return staying.filter(({ answered }) => !answered).length;
    },
  };
}

function ask(host: string, port: number): Request {
  const request: Request = { at: performance.now() };
  const socket = connect({ host, port });
  const end = (ok: boolean) => {
    request.ok ??= ok;
    clearTimeout(timer);
    socket.destroy();
  };
  const timer = setTimeout(() => end(false), LIMIT);
  socket.on('connect', () => end(true)).on('error', () => end(false));
  return request;
}

function stay(host: string, port: number): Staying {
  const socket = connect({ host, port, noDelay: true });
  const one: Staying = { socket, connected: false, answered: false, closed: false };
  socket
    .on('connect', () => {
      one.connected = true;
      socket.write(`GET / HTTP/1.0\r\nhost: ${host}\r\n`);
    })
    .on('data', () => {
      one.answered = true;
    })
    .on('error', () => {})
    .on('close', () => {
      one.closed = true;
    });
  return one;
}

function speak(staying: readonly Staying[], text: string): void {
  for (const { socket, connected, closed } of staying) if (connected && !closed) socket.write(text);
}

function countOf(requests: readonly Request[]): LossCount {
  const done = requests.filter(({ ok }) => ok !== undefined);
  const lost = done.filter(({ ok }) => !ok);
  const [first] = lost;
  const last = lost.at(-1);
  const back = last && done.find(({ ok, at }) => ok && at > last.at);
  const until = back?.at ?? performance.now();
  return { requests: done.length, lost: lost.length, gap: first ? Math.round(until - first.at) : 0 };
}

/** @returns whether it is so within some milliseconds. */
async function until(milliseconds: number, so: () => boolean): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (!so()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
