/** Other programs that tend IPVS tables: two of them on one table undo each other's work. */
import type { InteractiveSystem } from '../platform/interactive-system';

const known: ReadonlySet<string> = new Set(['keepalived', 'ldirectord', 'kube-proxy', 'nanny']);

/** Those that run in this network namespace, as far as it can be seen: `keepalived (process 12)`. */
export function rivals(
  system: Pick<InteractiveSystem, 'readDirectory' | 'readFile' | 'fileIdentity'>,
): string[] {
  const ours = system.fileIdentity('/proc/self/ns/net');
  return system
    .readDirectory('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const command = system.readFile(`/proc/${pid}/comm`)?.trim() ?? '';
      if (!known.has(command) || isVrrpAlone(system.readFile(`/proc/${pid}/cmdline`))) return [];
      const theirs = system.fileIdentity(`/proc/${pid}/ns/net`);
      return theirs === undefined || theirs === ours ? [`${command} (process ${pid})`] : [];
    });
}

/** A keepalived that only elects a leader, as that of the engine of failover (-P, --vrrp), has no table. */
function isVrrpAlone(commandLine = ''): boolean {
  const words = commandLine.split('\0');
  return words.includes('-P') || words.includes('--vrrp');
}
