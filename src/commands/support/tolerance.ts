/** --exist-ok and --missing-ok: what is already as wanted is no error, so that a script can run twice. */
import * as Flags from '@oclif/core/flags';
import { errno } from '../../errors/errno';
import { IpvsadmError } from '../../errors/ipvsadm-error';

const { EEXIST, ENOENT, ESRCH } = errno;

export const existOk = Flags.boolean({
  description: 'it is no error if it exists: then it is left as it is, and a message tells what differs',
});
export const missingOk = Flags.boolean({ description: 'it is no error if it does not exist' });

/** Whether the kernel refused to add what is there. */
export function exists(error: unknown): boolean {
  return wasRefusedWith(error, [EEXIST]);
}

/** Whether the kernel refused because a service or real server is not there. */
export function isMissing(error: unknown): boolean {
  return wasRefusedWith(error, [ENOENT, ESRCH]);
}

function wasRefusedWith(error: unknown, reasons: readonly number[]): boolean {
  return error instanceof IpvsadmError && reasons.includes(error.refused?.errno ?? 0);
}
