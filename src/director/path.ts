/**
 * Checks through the forwarding path: each server that has some gets a virtual service of its own, of a
 * firewall mark, with that server alone and forwarding as clients' packets are. The checks' packets
 * carry the mark.
 */
import { needsMark } from '../model/check';
import type { DirectorServer, DirectorService } from '../model/director';
import { FORWARDING_MASK, forwardingMethods } from '../model/real-server';
import {
  type FwmarkKey,
  hostNetmask,
  protocols,
  type ServiceKey,
  serviceFlags,
} from '../model/virtual-service';
import { serviceName } from '../state/table/table-state';

/** Whether a server needs a service of its own. */
export function needsPath({ service }: DirectorService, { checks }: DirectorServer): boolean {
  return service.key.kind === 'address' && checks.some(needsMark);
}

/** The key of the service of one server, by its mark. */
export function pathKey({ family }: ServiceKey, fwmark: number): FwmarkKey {
  return { kind: 'fwmark', fwmark, family };
}

/** The mark in the name of such a key. */
export function markOf(id: string): number {
  return Number(id.split(':')[1]);
}

/** The service of one server. It stays as it is whatever happens to the server. */
export function pathService(
  of: DirectorService,
  { name, server }: DirectorServer,
  mark: number,
): DirectorService {
  const key = pathKey(of.service.key, mark);
  return {
    name: `path of ${of.name}/${name}`,
    service: {
      key,
      scheduler: 'rr',
      flags: isConnectionless(of, server.forwarding) ? serviceFlags.onePacket : 0,
      timeout: 0,
      netmask: hostNetmask(key.family),
      persistenceEngine: '',
    },
    servers: [
      {
        name,
        server: { ...server, weight: 1, upperThreshold: 0, lowerThreshold: 0 },
        checks: [],
        any: false,
        admin: 'ready',
      },
    ],
    quorum: { weight: 1 },
    hysteresis: 0,
    whenAllDown: 'keep',
    onFail: 'weight0',
    // Nobody but our checks uses it: when it is no longer wanted it goes at once.
    removeAfter: 0,
    slowStart: 0,
    critical: false,
    owner: 'ours',
  };
}

/**
 * Without connections, each packet of UDP goes by its own mark: otherwise one from a port that a check
 * of another server had shortly before would go to that server. Answers of NAT need the connection.
 */
function isConnectionless({ service: { key } }: DirectorService, forwarding: number): boolean {
  const isNat = (forwarding & FORWARDING_MASK) === forwardingMethods.masquerading;
  return key.kind === 'address' && key.protocol === protocols.udp && !isNat;
}

/** The services and marks that checks bring with them: none of these is given to another. */
export function marksInUse(services: readonly DirectorService[]): Set<number> {
  const marks = new Set<number>();
  for (const { service, servers } of services) {
    if (service.key.kind === 'fwmark') marks.add(service.key.fwmark);
    for (const { checks } of servers) {
      for (const { mark } of checks) if (mark !== undefined) marks.add(mark);
    }
  }
  return marks;
}

/** The name of the service that a check with a mark of the daemon's goes through. */
export function pathId(key: ServiceKey, mark: number): string {
  return serviceName(pathKey(key, mark));
}
