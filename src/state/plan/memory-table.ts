/** A table in memory, to which changes are made. */
import { errno } from '../../errors/errno';
import type { Change } from '../../model/change';
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { type ServiceState, serverName, serviceName, type WholeState } from '../table/table-state';

interface Entry {
  service: VirtualService;
  readonly servers: Map<string, RealServer>;
}

export interface MemoryTable {
  readonly services: Map<string, Entry>;
  timeouts: Timeouts;
  daemons: SyncDaemon[];
}

export function tableOf({ services, timeouts, daemons }: WholeState): MemoryTable {
  return {
    services: new Map(services.map((entry) => [serviceName(entry.service.key), entryOf(entry)])),
    timeouts,
    daemons: [...daemons],
  };
}

export function entryOf({ service, servers }: ServiceState): Entry {
  return { service, servers: new Map(servers.map((server) => [serverName(server), server])) };
}

export function stateOf({ services, timeouts, daemons }: MemoryTable): WholeState {
  const entries = [...services.values()];
  return {
    timeouts,
    daemons,
    services: entries.map(({ service, servers }) => ({ service, servers: [...servers.values()] })),
  };
}

/** The errno of a change that adds what is there, or changes what is not; 0 for any other. */
export function refusalOf(change: Change, table: MemoryTable): number {
  const has = (key: ServiceKey) => table.services.has(serviceName(key));
  const runs = (state: number) => table.daemons.some((daemon) => daemon.state === state);
  switch (change.kind) {
    case 'add-service':
      return has(change.service.key) ? errno.EEXIST : 0;
    case 'edit-service':
      return has(change.service.key) ? 0 : errno.ESRCH;
    case 'delete-service':
      return has(change.key) ? 0 : errno.ESRCH;
    case 'add-server':
    case 'edit-server':
    case 'delete-server': {
      const servers = table.services.get(serviceName(change.key))?.servers;
      if (!servers) return errno.ESRCH;
      const there = servers.has(serverName(change.server));
      if (change.kind === 'add-server') return there ? errno.EEXIST : 0;
      return there ? 0 : errno.ENOENT;
    }
    case 'start-daemon':
      return runs(change.daemon.state) ? errno.EEXIST : 0;
    case 'stop-daemon':
      return runs(change.daemon.state) ? 0 : errno.ESRCH;
    case 'zero':
      return change.key && !has(change.key) ? errno.ESRCH : 0;
    default:
      return 0;
  }
}

/** Makes a change that is not refused. */
export function carryOut(change: Change, table: MemoryTable): void {
  const { services } = table;
  switch (change.kind) {
    case 'add-service':
    case 'edit-service': {
      const name = serviceName(change.service.key);
      const servers = services.get(name)?.servers ?? new Map<string, RealServer>();
      services.set(name, { service: change.service, servers });
      return;
    }
    case 'delete-service':
      services.delete(serviceName(change.key));
      return;
    case 'add-server':
    case 'edit-server':
      services.get(serviceName(change.key))?.servers.set(serverName(change.server), change.server);
      return;
    case 'delete-server':
      services.get(serviceName(change.key))?.servers.delete(serverName(change.server));
      return;
    case 'flush':
      services.clear();
      return;
    case 'zero':
      return;
    case 'set-timeouts':
      table.timeouts = changedTimeouts(table.timeouts, change.timeouts);
      return;
    case 'start-daemon':
      table.daemons.push(change.daemon);
      return;
    case 'stop-daemon':
      table.daemons = table.daemons.filter(({ state }) => state !== change.daemon.state);
      return;
  }
}

/** 0 leaves a timeout as it is. */
function changedTimeouts(before: Timeouts, { tcp, tcpFin, udp }: Timeouts): Timeouts {
  return { tcp: tcp || before.tcp, tcpFin: tcpFin || before.tcpFin, udp: udp || before.udp };
}
