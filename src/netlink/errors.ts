/** The ways in which a conversation over netlink fails. */
import { errno } from '../errors/errno';

/** A request that the kernel refused, with its errno (positive) and, where a family's client says so, what was asked. */
export class NetlinkError extends Error {
  constructor(
    readonly errno: number,
    readonly operation?: string,
  ) {
    super(`the kernel refused ${operation ?? 'the request'}: errno ${errno}`);
    this.name = 'NetlinkError';
  }

  /** What that usually means and what helps, for people; '' where nothing is known, as of a request of no known family. */
  get hint(): string {
    return '';
  }
}

/** A conversation that broke: the socket failed (its errno, positive) or answers were lost. */
export class TransportError extends Error {
  constructor(
    message: string,
    readonly errno?: number,
    readonly operation?: string,
  ) {
    super(message);
    this.name = 'TransportError';
  }

  /** As that of NetlinkError. */
  get hint(): string {
    return '';
  }
}

/** A payload that is shorter than its attribute's type, or attributes that do not fit their message. */
export class AttributeError extends Error {}

/** A datagram that is not what netlink(7) describes. */
export class MessageError extends Error {}

/** The errno that the sentence for a failure is chosen by: the kernel's, or EINVAL where an answer was lost or odd. */
export function errnoOf(error: unknown): number {
  return error instanceof NetlinkError ? error.errno : errno.EINVAL;
}

/** Whether `error` is a failure of netlink, and not a mistake of ours. */
export function isNetlinkFailure(error: unknown): boolean {
  return (
    error instanceof NetlinkError ||
    error instanceof TransportError ||
    error instanceof AttributeError ||
    error instanceof MessageError
  );
}
