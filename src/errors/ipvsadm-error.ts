import { exitStatus } from './exit-status';
import type { Refused } from './refused';

/**
 * A failure that ends the command: the message for standard error, without its last newline, and
 * the exit status.
 */
export class IpvsadmError extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** What the kernel refused, for --explain. */
    readonly refused?: Refused,
    /** The netlink failure. */
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'IpvsadmError';
  }
}

/** The error of an invalid command line: status 2, as in ipvsadm. */
export function usageError(message: string): IpvsadmError {
  return new IpvsadmError(message, exitStatus.usage);
}
