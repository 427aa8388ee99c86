/** The address of this machine from which packets to another go. */
import { createSocket } from 'node:dgram';
import type { Attempt } from './attempt';

/** Any port: nothing is sent. */
const ANY_PORT = 9;

/**
 * Asks the kernel, which chooses it when a datagram socket is connected. A connection to a VIP of this
 * machine would else come from the VIP itself, and be answered there.
 */
export async function sourceTowards(attempt: Attempt, address: string): Promise<string> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  attempt.atEnd(() => socket.close());
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject).connect(ANY_PORT, address, () => resolve());
  });
  return socket.address().address;
}
