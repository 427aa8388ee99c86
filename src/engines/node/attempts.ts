/** Sockets that doctor tries: TCP connections, and a member of a multicast group. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { ConnectionAttempt, HeardDatagram } from '../../platform/interactive-system';

const outcomes: Readonly<Record<string, ConnectionAttempt>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
};

export function tryConnection(
  address: string,
  port: number,
  milliseconds: number,
): Promise<ConnectionAttempt> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (outcome: ConnectionAttempt) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(outcome);
    };
    const limit = setTimeout(() => end('timeout'), milliseconds);
    socket.once('connect', () => end('open'));
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => end(outcomes[code] ?? 'failed'));
  });
}

export function hearMulticast(
  group: string,
  port: number,
  local: string,
  milliseconds: number,
): Promise<readonly HeardDatagram[]> {
  return new Promise((resolve) => {
    const heard: HeardDatagram[] = [];
    // The kernel's own socket has the port too.
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      clearTimeout(limit);
      socket.close();
      resolve(heard);
    };
    const limit = setTimeout(end, milliseconds);
    socket.on('error', end);
    socket.on('message', (bytes, { address }) => heard.push({ sender: address, bytes }));
    socket.bind({ address: group, port, exclusive: true }, () => {
      try {
        socket.addMembership(group, local);
      } catch {
        end();
      }
    });
  });
}
