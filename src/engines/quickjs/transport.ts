import { TransportError } from '../../netlink/errors';
import type { Transport } from '../../netlink/transport';

/** Dumps come in parts of at most 32 KiB (kernel: netlink_dump). */
const RECEIVE_BYTES = 64 * 1024;

/**
 * A generic netlink socket of this process's network namespace.
 * @throws TransportError with the errno.
 */
export function openQuickjsTransport(): Transport {
  const socket = checked(native.openNetlink());
  const buffer = new Uint8Array(native.memory(RECEIVE_BYTES));
  return {
    receiveBuffer: checked(native.receiveBuffer(socket)),
    send(datagram) {
      checked(native.send(socket, datagram));
    },
    receive() {
      const length = checked(native.receive(socket, buffer));
      return length === buffer.length ? buffer : buffer.subarray(0, length);
    },
    close() {
      native.close(socket);
    },
  };
}

function checked(result: number): number {
  if (result < 0) throw new TransportError(`errno ${-result}`, -result);
  return result;
}
