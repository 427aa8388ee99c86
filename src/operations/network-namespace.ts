/** Finds and enters the network namespace that --netns names. */

import { globalOptions } from '../command-line/global-options';
import { errno } from '../errors/errno';
import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import type { NamespaceFailure, System } from '../platform/system';

/** Where ip-netns(8) keeps named namespaces. */
const DIRECTORIES = ['/run/netns', '/var/run/netns'];

/**
 * The file of the namespace `text`: a path if it contains a slash, a process id if it consists of
 * digits, otherwise a name.
 * @throws IpvsadmError, status 2, when no namespace has that name.
 */
export function namespacePath(text: string, system: Pick<System, 'readDirectory'>): string {
  if (text.includes('/')) return text;
  if (/^[0-9]+$/.test(text)) return `/proc/${text}/ns/net`;
  const directory = DIRECTORIES.find((candidate) => system.readDirectory(candidate).includes(text));
  if (directory) return `${directory}/${text}`;
  const names = namedNamespaces(system);
  const hint = names.length > 0 ? `there are ${names.join(', ')}` : `'ip netns add' makes one`;
  throw new IpvsadmError(
    `ipvsadm: no network namespace '${text}' in ${DIRECTORIES[0]}: ${hint}`,
    exitStatus.usage,
  );
}

/** The names of all named namespaces, sorted. */
export function namedNamespaces(system: Pick<System, 'readDirectory'>): string[] {
  return [...new Set(DIRECTORIES.flatMap((directory) => system.readDirectory(directory)))].sort();
}

/**
 * Enters the namespace that --netns names or, where the engine cannot, runs the program with `args`
 * in it.
 * @returns the exit status of that run; undefined when this process has entered the namespace.
 * @throws IpvsadmError, status 2, when the namespace cannot be entered.
 */
export function enterNamespace(text: string, args: readonly string[], system: System): number | undefined {
  const path = namespacePath(text, system);
  const result = system.enterNamespace(path, args);
  if (typeof result !== 'object') return result;
  const hint = isOther(result)
    ? `: --netns takes ${globalOptions.netns.argument}, such as /proc/1/ns/net`
    : '';
  throw new IpvsadmError(
    `ipvsadm: cannot enter the network namespace ${path}: ${failureText(result)}${hint}`,
    exitStatus.usage,
  );
}

/** Why a namespace could not be entered. */
export function failureText(failure: NamespaceFailure): string {
  if (isOther(failure)) return 'it is not a network namespace';
  return failure.reason ?? strerror(failure.errno);
}

/** Whether the file is something else: setns(2) fails with EINVAL. */
function isOther({ errno: code, reason }: NamespaceFailure): boolean {
  return code === errno.EINVAL && reason === undefined;
}
