import { exitStatus } from './exit-status';
import type { Refused } from './refused';

/** A failure that ends the command: the text for standard error (without its last newline) and the exit status. */
export class IpvsadmError extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** What the kernel refused, for an explanation. */
    readonly refused?: Refused,
  ) {
    super(message);
    this.name = 'IpvsadmError';
  }
}

/** A command line that makes no sense: ipvsadm's status 2. */
export function usageError(message: string): IpvsadmError {
  return new IpvsadmError(message, exitStatus.usage);
}
