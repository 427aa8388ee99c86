/**
 * A socket that sends and receives netlink datagrams. The engines implement it; tests use a fake
 * kernel instead, so that all codecs run.
 *
 * It is synchronous: generic netlink handles a request inside the caller's sendmsg(2), so the reply
 * is in the receive buffer when `send` returns, and the next part of a dump is created inside
 * recvmsg(2).
 */
export interface Transport {
  /**
   * The size in bytes of the socket's receive buffer, as the kernel counts what it holds; absent if
   * it is not known. Replies that do not fit are lost.
   */
  readonly receiveBuffer?: number;
  /** Sends one datagram of one or more netlink messages to the kernel. @throws TransportError. */
  send(datagram: Uint8Array): void;
  /**
   * Returns the next datagram from the kernel: a view that is valid until the next call.
   * @throws TransportError (ENOBUFS if replies were lost, EAGAIN if there is none).
   */
  receive(): Uint8Array;
  /** Closes the socket. */
  close(): void;
}
