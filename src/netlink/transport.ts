import type { Change } from '../ipvs/change';

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

/** What was asked of the kernel: a change by its kind, or a question by the name of its method in IpvsClient. */
export type Operation =
  | Change['kind']
  | 'connect'
  | 'info'
  | 'services'
  | 'service'
  | 'servers'
  | 'timeouts'
  | 'daemons';

/** A request that the kernel refused, with its errno (positive) and, from IpvsClient, what was asked. */
export class NetlinkError extends Error {
  constructor(
    readonly errno: number,
    readonly operation?: Operation,
  ) {
    super(`the kernel refused ${operation ?? 'the request'}: errno ${errno}`);
    this.name = 'NetlinkError';
  }

  /** What that usually means and what helps, for people; '' where nothing more is known. */
  get hint(): string {
    return hintOn(this.operation, this.errno);
  }
}

/** A conversation that broke: the socket failed (its errno, positive) or answers were lost. */
export class TransportError extends Error {
  constructor(
    message: string,
    readonly errno?: number,
    readonly operation?: Operation,
  ) {
    super(message);
    this.name = 'TransportError';
  }

  /** As that of NetlinkError. */
  get hint(): string {
    return this.errno === undefined ? '' : hintOn(this.operation, this.errno);
  }
}

/** The same failure, with what was asked; other errors as they are. */
export function asked(operation: Operation, error: unknown): unknown {
  if (error instanceof NetlinkError) return new NetlinkError(error.errno, operation);
  if (error instanceof TransportError) return new TransportError(error.message, error.errno, operation);
  return error;
}

/** Commands never ask for hints: loaded when somebody does. */
function hintOn(operation: Operation | undefined, code: number): string {
  return (require('../explain/hint') as typeof import('../explain/hint')).hintFor(operation, code);
}
