import { formatAddress } from '../model/address';
import { daemonStates, type SyncDaemon } from '../model/sync-daemon';

/** A line for each running sync daemon (-L --daemon). */
export function formatDaemons(daemons: readonly SyncDaemon[]): string {
  return daemons.map(formatDaemon).join('');
}

function formatDaemon(daemon: SyncDaemon): string {
  const { state, maxLength, group, port, ttl } = daemon;
  const type = state & daemonStates.master ? 'master' : state & daemonStates.backup ? 'backup' : undefined;
  if (type === undefined) return '';
  const fields = [
    `mcast=${daemon.interface}`,
    `syncid=${daemon.syncId | 0}`,
    maxLength ? `maxlen=${maxLength}` : '',
    group ? `group=${formatAddress(group)}` : '',
    port ? `port=${port}` : '',
    ttl ? `ttl=${ttl}` : '',
  ];
  return `${type} sync daemon (${fields.filter((field) => field !== '').join(', ')})\n`;
}
