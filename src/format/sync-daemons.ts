import { formatAddress } from '../model/address';
import { daemonStates, type SyncDaemon } from '../model/sync-daemon';

/** A line for each sync daemon that runs (-L --daemon). */
export function formatDaemons(daemons: readonly SyncDaemon[]): string {
  return daemons.map(formatDaemon).join('');
}

function formatDaemon(daemon: SyncDaemon): string {
  const { state, maxLength, group, port, ttl } = daemon;
  const type = state & daemonStates.master ? 'master' : state & daemonStates.backup ? 'backup' : undefined;
  if (type === undefined) return '';
  const facts = [
    `mcast=${daemon.interface}`,
    `syncid=${daemon.syncId | 0}`,
    maxLength ? `maxlen=${maxLength}` : '',
    group ? `group=${formatAddress(group)}` : '',
    port ? `port=${port}` : '',
    ttl ? `ttl=${ttl}` : '',
  ];
  return `${type} sync daemon (${facts.filter((fact) => fact !== '').join(', ')})\n`;
}
