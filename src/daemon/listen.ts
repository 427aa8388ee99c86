/** The daemon's unix socket, and metrics over HTTP. */
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { groupId } from '../checks/users';
import { boundedServer, type Limits } from '../web/bounded-server';
import { contentTypes } from './exposition';
import { sendInTurns } from './in-turns';
import type { ApiContext } from './route';

const METRICS_LIMITS: Limits = { requestWithin: 5000, idle: 30_000, connections: 16 };

/** Owner and group; nobody else. */
const SOCKET_UMASK = 0o117;

/** Whether somebody answers at a socket. */
export function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => end(true));
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}

/**
 * Listens at a unix socket in place of one that a daemon has left behind.
 * @param group whose members may use it; then its directory can be searched by all.
 * @throws Error in words.
 */
export async function listenAt(server: Server, path: string, group: string | undefined): Promise<void> {
  const gid = group === undefined ? undefined : await groupId(group);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  removeSocket(path);
  const umask = process.umask(SOCKET_UMASK);
  try {
    await started(server, () => server.listen(path));
  } finally {
    process.umask(umask);
  }
  if (gid === undefined) return;
  chownSync(path, process.geteuid!(), gid);
  const directory = dirname(path);
  const { mode, uid } = statSync(directory);
  if (uid === process.geteuid!()) chmodSync(directory, (mode & 0o7777) | 0o011);
}

export function removeSocket(path: string): void {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (!about) return;
  if (!about.isSocket()) throw new Error(`${path}: it is no socket`);
  rmSync(path, { force: true });
}

/** Serves metrics, and nothing else, to whoever asks. */
export async function serveMetrics(
  context: Pick<ApiContext, 'metrics'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> {
  const server = boundedServer(METRICS_LIMITS, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://metrics');
    if (pathname !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('metrics are at GET /metrics\n');
      return;
    }
    const open = /application\/openmetrics-text/.test(request.headers.accept ?? '');
    const format = open ? 'openmetrics' : 'prometheus';
    const by = searchParams.get('by') === 'service' ? 'service' : 'server';
    context.metrics(by, format).then(
      (pieces) => {
        response.writeHead(200, { 'content-type': contentTypes[format] });
        sendInTurns(response, pieces).catch(() => response.destroy());
      },
      () => response.writeHead(503, { 'content-type': 'text/plain' }).end('the table cannot be read\n'),
    );
  });
  await started(server, () => server.listen(port, host));
  return server;
}

/** Resolves when a server listens. @throws why it cannot. */
export function started(server: Server, listen: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    listen();
  });
}
