import { errno } from './errno';

const { EEXIST, ENOENT, ESRCH } = errno;

/** ipvsadm's messages by operation (the kind of a Request) and errno. */
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
 * ipvsadm's message for an errno (positive): the one for the operation, else the general one, else
 * the C library's.
 * @param operation the kind of the request that was refused.
 */
export function kernelSentence(operation: string, code: number): string {
  return sentences[operation]?.[code] ?? generalSentences[code] ?? strerror(code);
}

/**
 * The C library's text for an errno (positive). The table is loaded on first use, as few commands
 * need it.
 */
export function strerror(code: number): string {
  return (require('./strerror') as typeof import('./strerror')).strerror(code);
}
