import type { Request } from '../command-line/request';
import type { Refused } from '../explain';
import { AttributeError } from '../netlink/attribute';
import { MessageError } from '../netlink/message';
import { NetlinkError, TransportError } from '../netlink/transport';
import { errno } from './errno';

/** Exit statuses: ipvsadm's, and those of the word commands (docs/restore.md). */
export const exitStatus = {
  ok: 0,
  /** A listing failed. */
  listing: 1,
  /** The answer to a question of diff is no, or what was written is not whole. */
  differs: 1,
  /** What was waited for did not come in time: of server drain. */
  timedOut: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** A change was refused, and not everything could be put back: of apply. */
  halfDone: 3,
  /** The kernel refused a change, or the option syntax is wrong. */
  refused: 255,
  /** Added to the number of a signal that ended a command, as a shell does. */
  signalled: 128,
} as const;

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

const { EEXIST, ENOENT, ESRCH } = errno;

/** A command line that makes no sense: ipvsadm's status 2. */
export function usageError(message: string): IpvsadmError {
  return new IpvsadmError(message, exitStatus.usage);
}

/** ipvsadm's sentences by what was asked for (a Request's kind) and errno. */
const sentences: { readonly [kind: string]: Readonly<Record<number, string>> } = {
  'add-service': {
    [EEXIST]: 'Service already exists',
    [ENOENT]: 'Scheduler or persistence engine not found',
  },
  'edit-service': {
    [ESRCH]: 'No such service',
    [ENOENT]: 'Scheduler or persistence engine not found',
  },
  'delete-service': { [ESRCH]: 'No such service' },
  zero: { [ESRCH]: 'No such service' },
  'add-server': { [ESRCH]: 'Service not defined', [EEXIST]: 'Destination already exists' },
  'edit-server': { [ESRCH]: 'Service not defined', [ENOENT]: 'No such destination' },
  'delete-server': { [ESRCH]: 'Service not defined', [ENOENT]: 'No such destination' },
  'start-daemon': { [EEXIST]: 'Daemon has already run' },
  'stop-daemon': { [ESRCH]: 'No daemon is running' },
  'list-services': { [ESRCH]: 'No such service' },
};

const generalSentences: Readonly<Record<number, string>> = {
  [errno.EPERM]: 'Permission denied (you must be root)',
  [errno.EINVAL]: 'Invalid operation.  Possibly wrong module version, address not unicast, ...',
  [errno.ENOPROTOOPT]: 'Protocol not available',
  [errno.ENOMEM]: 'Memory allocation problem',
  [errno.EOPNOTSUPP]: 'Operation not supported with IPv6',
  [errno.EAFNOSUPPORT]: 'Operation not supported with specified address family',
  [errno.EMSGSIZE]: 'Module is wrong version',
};

/**
 * ipvsadm's sentence for an errno (positive): the operation's own, the general one, the C library's.
 * @param operation the kind of the request that was refused.
 */
export function kernelSentence(operation: Request['kind'] | 'connect', code: number): string {
  return sentences[operation]?.[code] ?? generalSentences[code] ?? strerror(code);
}

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

/** The C library's text for `errno` (a positive number). Rarely needed: loaded then. */
export function strerror(code: number): string {
  return (require('./strerror') as typeof import('./strerror')).strerror(code);
}
