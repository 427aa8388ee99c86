import { strerror } from '../errors/kernel-messages';
import { NetlinkError } from '../netlink/errors';
import { OutputError } from '../platform/system';

/** Why a step failed. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof NetlinkError) return strerror(cause.errno);
  if (cause instanceof OutputError) return cause.reason ?? strerror(cause.errno);
  return cause instanceof Error ? cause.message : `${cause}`;
}
