/**
 * What the netlink layer needs of a socket: datagrams out, datagrams in. The real one is
 * `engines/node/transport.ts`; tests put a fake kernel here, so that every codec still runs.
 *
 * It is synchronous: generic netlink handles a request inside the caller's sendmsg(2), so the answer lies in
 * the receive buffer when `send` returns, and the next part of a dump is made inside recvmsg(2).
 */
export interface Transport {
  /** Sends one datagram of one or more netlink messages to the kernel. @throws TransportError. */
  send(datagram: Uint8Array): void;
  /**
   * The next datagram from the kernel: a view that is good until the next call.
   * @throws TransportError (ENOBUFS when answers were lost, EAGAIN when none is there).
   */
  receive(): Uint8Array;
  close(): void;
}
