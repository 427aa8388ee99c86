/** Numbers and failures of the system as words. */

/** `1s`, `1.5s`, `300ms`. */
export function milliseconds(value: number): string {
  return value >= 1000 ? `${Math.round(value / 10) / 100}s` : `${Math.round(value)}ms`;
}

/** A text of others in quotation marks, cut after 60 characters. */
export function quoted(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 60)}...` : text}"`;
}

/** `2026-11-20`. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the server reset the connection',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the server closed the connection while the request was sent',
  EHOSTUNREACH: 'no route to the host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'the network is unreachable',
  ENETDOWN: 'the network is down',
  ETIMEDOUT: 'the connection timed out',
  EPROTO: 'protocol error',
  ENOPROTOOPT: 'the host rejects packets',
  EADDRNOTAVAIL: 'this machine does not have the source address, or no free port of it',
  EADDRINUSE: 'no free port of the source address',
  EAFNOSUPPORT: 'this machine does not support the address family',
  EINVAL: 'the address cannot be connected to from here',
  EACCES: 'permission denied by this machine',
  EPERM: 'operation not permitted by this machine',
  EMFILE: 'this process has too many open files',
  ENFILE: 'this machine has too many open files',
  ENOMEM: 'this machine is out of memory',
  ENOBUFS: 'this machine is out of buffers',
  EAGAIN: 'this machine is out of processes or ports',
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EISDIR: 'is a directory',
  ELOOP: 'too many symbolic links',
  ENOEXEC: 'not an executable file',
};

/** The failures that say nothing about the server. */
const ours = new Set([
  ...['EADDRNOTAVAIL', 'EADDRINUSE', 'EAFNOSUPPORT', 'EINVAL', 'EACCES', 'EPERM'],
  ...['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EAGAIN', 'ENETDOWN'],
]);

export function isOurs(error: unknown): boolean {
  return ours.has(codeOf(error) ?? '');
}

/** What Node's codes of OpenSSL's errors begin with. */
const TLS_PREFIX = 'ERR_SSL_';

/** The failure of a system call, or of TLS, as a sentence. */
export function errorSentence(error: unknown): string {
  const code = codeOf(error);
  const sentence = code === undefined ? undefined : sentences[code];
  if (sentence !== undefined) return sentence;
  if (code?.startsWith(TLS_PREFIX)) {
    const { reason } = error as { reason?: string };
    return `TLS: ${reason ?? code.slice(TLS_PREFIX.length).toLowerCase().replaceAll('_', ' ')}`;
  }
  const message = String((error as { message?: unknown } | undefined)?.message ?? error);
  return message.split('\n')[0]!.slice(0, 200);
}

export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
