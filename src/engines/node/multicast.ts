/** A member of a multicast group, for doctor. */
import { createSocket } from 'node:dgram';
import type { HeardDatagram } from '../../platform/interactive-system';

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
