/** The errors of netlink communication. */
import { errno } from '../errors/errno';

/**
 * A request that the kernel refused, with its errno (positive) and, if a family's client sets it,
 * the operation.
 */
export class NetlinkError extends Error {
  /** @param operation what was refused. */
  constructor(
    readonly errno: number,
    readonly operation?: string,
  ) {
    super(`the kernel refused ${operation ?? 'the request'}: errno ${errno}`);
    this.name = 'NetlinkError';
  }

  /** The name of the errno, such as 'EEXIST'; undefined if it has none. */
  get code(): string | undefined {
    return errnoName(this.errno);
  }

  /** The usual cause and remedy, for people; '' if none is known, as for an unknown family. */
  get hint(): string {
    return '';
  }
}

/** A failed exchange: the socket failed (its errno, positive) or replies were lost. */
export class TransportError extends Error {
  /** @param errno positive; undefined if no system call failed. */
  constructor(
    message: string,
    readonly errno?: number,
    readonly operation?: string,
    cause?: TransportError,
  ) {
    super(message, { cause });
    this.name = 'TransportError';
  }

  /** As in NetlinkError; undefined without an errno, too. */
  get code(): string | undefined {
    return this.errno === undefined ? undefined : errnoName(this.errno);
  }

  /** As in NetlinkError. */
  get hint(): string {
    return '';
  }
}

/** A datagram that the kernel did not take: no request in it was carried out. */
export class NotSentError extends TransportError {}

/**
 * Replies to a datagram of requests were lost. `answers` has an entry for each request: 0 or the
 * errno (positive) of its reply; undefined if it may have been carried out or refused.
 */
export class LostRepliesError extends TransportError {
  constructor(
    message: string,
    errno: number | undefined,
    readonly answers: readonly (number | undefined)[],
  ) {
    super(message, errno);
  }
}

/** A payload too short for its attribute's type, or attributes that exceed their message. */
export class AttributeError extends Error {}

/** A datagram that does not conform to netlink(7). */
export class MessageError extends Error {}

/** The errno to report for a failure: the kernel's, or EINVAL if a reply was lost or malformed. */
export function errnoOf(error: unknown): number {
  return error instanceof NetlinkError ? error.errno : errno.EINVAL;
}

/** Whether `error` is a netlink failure and not a bug of this program. */
export function isNetlinkFailure(error: unknown): boolean {
  return (
    error instanceof NetlinkError ||
    error instanceof TransportError ||
    error instanceof AttributeError ||
    error instanceof MessageError
  );
}

/** Only library users read names, so the table is loaded on demand. */
function errnoName(code: number): string | undefined {
  return (require('../errors/strerror') as typeof import('../errors/strerror')).errnoName(code);
}
