/** Failures of netlink with what was asked of the kernel: what IpvsClient throws. */
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

  /** What that usually means and what helps, for people; '' where nothing more is known. */
  override get hint(): string {
    return hintOn(this.operation, this.errno);
  }
}

/** A conversation that broke. */
export class BrokenRequestError extends TransportError {
  constructor(
    message: string,
    errno: number | undefined,
    override readonly operation: Operation,
  ) {
    super(message, errno, operation);
  }

  /** As that of RefusedRequestError. */
  override get hint(): string {
    return this.errno === undefined ? '' : hintOn(this.operation, this.errno);
  }
}

/** The same failure with what was asked; other errors as they are. */
export function withOperation(operation: Operation, error: unknown): unknown {
  if (error instanceof NetlinkError) return new RefusedRequestError(error.errno, operation);
  if (error instanceof TransportError) return new BrokenRequestError(error.message, error.errno, operation);
  return error;
}

/** Commands never ask for hints: loaded when a program does. */
function hintOn(operation: Operation, code: number): string {
  return (require('../explain/hint') as typeof import('../explain/hint')).hintFor(operation, code);
}
