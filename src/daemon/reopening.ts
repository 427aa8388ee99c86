/** A transport that opens another socket after a failure of the present one. */
import { errno } from '../errors/errno';
import { errnoOf, TransportError } from '../netlink/errors';
import type { Transport } from '../netlink/transport';

/** The socket is well: there is nothing to receive, or something was lost. */
const usual: ReadonlySet<number> = new Set([errno.EAGAIN, errno.ENOBUFS]);

export function reopening(open: () => Transport): Transport {
  let current: Transport | undefined = open();
  const { receiveBuffer } = current;
  const give = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof TransportError) || !usual.has(errnoOf(error))) {
        current?.close();
        current = undefined;
      }
      throw error;
    }
  };
  return {
    ...(receiveBuffer !== undefined && { receiveBuffer }),
    send: (datagram) =>
      give(() => {
        current ??= open();
        current.send(datagram);
      }),
    receive: () =>
      give(() => {
        if (current) return current.receive();
        throw new TransportError('the netlink socket has failed', errno.EAGAIN);
      }),
    close() {
      current?.close();
      current = undefined;
    },
  };
}
