/** Converts entries of the table to objects of a state document, without counters. */
import type { ListedServer, RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { VirtualService } from '../../model/virtual-service';
import type { ListedState } from '../table/listed-state';
import type { TableState } from '../table/table-state';
import { serverFields } from './server-fields';
import { serviceFields } from './service-fields';
import { daemonFields, timeoutFields } from './table-fields';
import { writeFields } from './write-fields';

/** Returns a state as if the kernel had listed it, with no connections. */
export function listedState(state: TableState): ListedState {
  const { timeouts, daemons, services } = state;
  return {
    ...(timeouts ? { timeouts } : {}),
    ...(daemons ? { daemons } : {}),
    ...(services
      ? {
          services: services.map(({ service, servers }) => ({
            service,
            servers: servers.map(listedServer),
          })),
        }
      : {}),
  };
}

/** Property by property, because spreading takes ten times as long. */
function listedServer(server: RealServer): ListedServer {
  return {
    family: server.family,
    address: server.address,
    port: server.port,
    forwarding: server.forwarding,
    weight: server.weight,
    upperThreshold: server.upperThreshold,
    lowerThreshold: server.lowerThreshold,
    tunnel: server.tunnel,
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
  };
}

export function serviceObject(service: VirtualService): object {
  return writeFields(serviceFields, { ...service, unknown: undefined }, false);
}

export function serverObject(server: RealServer): object {
  return writeFields(serverFields, { ...server, unknown: undefined }, false);
}

export function daemonObject(daemon: SyncDaemon): object {
  return writeFields(daemonFields, { ...daemon, unknown: undefined }, false);
}

export function timeoutsObject(timeouts: Timeouts): object {
  return writeFields(timeoutFields, timeouts, false);
}
