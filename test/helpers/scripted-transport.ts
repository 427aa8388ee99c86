import { TransportError } from '../../src/netlink/errors';
import type { Transport } from '../../src/netlink/transport';
import { hex, toHex } from './hex';

const EAGAIN = 11;
export const ENOBUFS = 105;

/**
 * A transport that receives the datagrams of a script, regardless of what is sent, and records what
 * is sent.
 */
export class ScriptedTransport implements Transport {
  /** Datagrams sent so far, in hexadecimal digits. */
  readonly sent: string[] = [];
  closed = false;
  readonly #datagrams: Uint8Array[];

  /**
   * @param datagrams in hexadecimal digits, in the order of reception.
   * @param endErrno the errno of receiving after the last datagram.
   */
  constructor(
    datagrams: readonly string[],
    private readonly endErrno = EAGAIN,
  ) {
    this.#datagrams = datagrams.map(hex);
  }

  send(datagram: Uint8Array): void {
    this.sent.push(toHex(datagram));
  }

  receive(): Uint8Array {
    const datagram = this.#datagrams.shift();
    if (!datagram) throw new TransportError('nothing to receive', this.endErrno);
    return datagram;
  }

  close(): void {
    this.closed = true;
  }
}
