/** The errors that IpvsClient throws: netlink failures with the operation that failed. */
import type { Operation } from '../model/operation';
import { NetlinkError, TransportError } from '../netlink/errors';

/** A request that the kernel refused. */
export class RefusedRequestError extends NetlinkError {
  constructor(
    errno: number,
    override readonly operation: Operation,
  ) {
    super(errno, operation);
  }

  /** The usual cause and remedy, for people; '' if none is known. */
  override get hint(): string {
    return hintOn(this.operation, this.errno);
  }
}

/** A failed exchange with the kernel: a socket error, or a lost or unexpected reply. */
export class BrokenRequestError extends TransportError {
  constructor(
    message: string,
    errno: number | undefined,
    override readonly operation: Operation,
    cause?: TransportError,
  ) {
    super(message, errno, operation, cause);
  }

  /** As in RefusedRequestError. */
  override get hint(): string {
    return this.errno === undefined ? '' : hintOn(this.operation, this.errno);
  }
}

/** A netlink failure with its operation; returns other errors unchanged. */
export function withOperation(operation: Operation, error: unknown): unknown {
  if (error instanceof NetlinkError) return new RefusedRequestError(error.errno, operation);
  if (error instanceof TransportError) {
    return new BrokenRequestError(error.message, error.errno, operation, error);
  }
  return error;
}

/** Only library users read hints, so the table is loaded on demand. */
function hintOn(operation: Operation, code: number): string {
  return (require('../explain/hint') as typeof import('../explain/hint')).hintFor(operation, code);
}
