/** Why a conversation with the kernel failed, in the words of subcommands. */
import { errno } from '../errors/errno';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { kernelSentence, strerror } from '../errors/kernel-messages';
import {
  AttributeError,
  LostRepliesError,
  MessageError,
  NetlinkError,
  NotSentError,
  TransportError,
} from '../netlink/errors';

/**
 * The reason for a netlink failure.
 * @param operation what was refused, if the kernel refused it.
 */
export function conversationText(failure: unknown, operation: string): string {
  // A client's error has the operation, and its cause is what happened.
  const error = failure instanceof TransportError && failure.cause ? failure.cause : failure;
  if (error instanceof NetlinkError) return kernelSentence(operation, error.errno);
  if (error instanceof MessageError || error instanceof AttributeError) {
    return `the kernel's reply cannot be read: ${error.message}`;
  }
  if (!(error instanceof TransportError) || error.errno === undefined) return (error as Error).message;
  const reason = strerror(error.errno);
  if (error instanceof NotSentError) return `cannot send to the kernel: ${reason}`;
  const unknown = error instanceof LostRepliesError ? '; the change may have been made' : '';
  return `no reply from the kernel: ${reason}${unknown}`;
}

/**
 * Returns an error of a subcommand with the true reason, where the C program's sentence is that of
 * EINVAL or of a missing module; returns other errors unchanged.
 */
export function withTrueReason(error: unknown): unknown {
  if (!(error instanceof IpvsadmError)) return error;
  const { cause, status } = error;
  // A kernel without generic netlink: the sentence about a missing module is right.
  if (cause instanceof TransportError && cause.errno === errno.EPROTONOSUPPORT) return error;
  const broken =
    cause instanceof TransportError || cause instanceof MessageError || cause instanceof AttributeError;
  return broken ? new IpvsadmError(`ipvsadm: ${conversationText(cause, '')}`, status) : error;
}
