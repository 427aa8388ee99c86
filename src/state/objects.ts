/** Entries of the table as parts of a state document, without counters. */
import type { RealServer } from '../model/real-server';
import type { SyncDaemon } from '../model/sync-daemon';
import type { Timeouts } from '../model/table';
import type { VirtualService } from '../model/virtual-service';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, timeoutFields } from './table-fields';
import { toObject } from './write';

export function serviceObject(service: VirtualService): object {
  return toObject(serviceFields, { ...service, unknown: undefined }, false);
}

export function serverObject(server: RealServer): object {
  const noConnections = { activeConnections: 0, inactiveConnections: 0, persistentConnections: 0 };
  return toObject(serverFields, { ...noConnections, ...server, unknown: undefined }, false);
}

export function daemonObject(daemon: SyncDaemon): object {
  return toObject(daemonFields, { ...daemon, unknown: undefined }, false);
}

export function timeoutsObject(timeouts: Timeouts): object {
  return toObject(timeoutFields, timeouts, false);
}
