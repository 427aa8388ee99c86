/** Network namespaces: which one --netns means, and entering it. */

import { exitStatus } from '../errors/exit-status';
import { IpvsadmError } from '../errors/ipvsadm-error';
import { strerror } from '../errors/kernel-messages';
import type { System } from '../platform/system';

/** Where ip-netns(8) keeps the namespaces that have names. */
const NAMED = ['/run/netns', '/var/run/netns'];

/** The file of a namespace: a path stands for itself, digits for a process, anything else is a name. */
export function namespacePath(text: string, system: Pick<System, 'readDirectory'>): string {
  if (text.includes('/')) return text;
  if (/^[0-9]+$/.test(text)) return `/proc/${text}/ns/net`;
  const directory = NAMED.find((candidate) => system.readDirectory(candidate).includes(text));
  if (directory) return `${directory}/${text}`;
  const names = namedNamespaces(system);
  const known = names.length > 0 ? `there are ${names.join(', ')}` : 'ip netns add makes one';
  throw new IpvsadmError(
    `ipvsadm: there is no network namespace '${text}' in ${NAMED[0]}: ${known}`,
    exitStatus.usage,
  );
}

/** The names of ip-netns(8), sorted. */
export function namedNamespaces(system: Pick<System, 'readDirectory'>): string[] {
  return [...new Set(NAMED.flatMap((directory) => system.readDirectory(directory)))].sort();
}

/**
 * Enters the namespace that --netns names, or, where this engine cannot, runs the whole command line in it.
 * @returns the exit status of that run; undefined when this process is in the namespace now.
 * @throws IpvsadmError when it cannot be entered.
 */
export function enterNamespace(text: string, args: readonly string[], system: System): number | undefined {
  const path = namespacePath(text, system);
  const result = system.enterNamespace(path, args);
  if (typeof result !== 'object') return result;
  throw new IpvsadmError(
    `ipvsadm: the network namespace ${path} cannot be entered: ${result.reason ?? strerror(result.errno)}`,
    exitStatus.usage,
  );
}
