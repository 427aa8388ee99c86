/** What others changed in a service since it was last looked at. */
import type { RealServer } from '../model/real-server';
import { sameServer, sameService } from '../state/table/equality';
import { type ServiceState, serverName } from '../state/table/table-state';

export type Drift =
  /** `server`: the key of the real server, whose weight alone is another one. */
  | { readonly kind: 'weight'; readonly server: string; readonly weight: number; readonly was: number }
  /** A server that nobody wanted. */
  | { readonly kind: 'added'; readonly server: string }
  /** `field`: what is counted when it is repaired; `text`: what happened. */
  | { readonly kind: 'other'; readonly field: string; readonly server?: string; readonly text: string };

/**
 * Compares a service with what it was.
 * @param believed what the table had when we left it; undefined: it had no such service.
 */
export function driftOf(
  id: string,
  believed: ServiceState | undefined,
  live: ServiceState | undefined,
): Drift[] {
  if (!believed) return [];
  if (!live) return [{ kind: 'other', field: 'service', text: `${id} was deleted` }];
  const drifts: Drift[] = sameService(believed.service, live.service)
    ? []
    : [{ kind: 'other', field: 'settings', text: `the settings of ${id} were changed` }];
  const there = new Map(live.servers.map((server) => [serverName(server), server]));
  for (const was of believed.servers) {
    const name = serverName(was);
    const now = there.get(name);
    there.delete(name);
    const drift = serverDrift(name, was, now);
    if (drift) drifts.push(drift);
  }
  for (const server of there.keys()) {
    drifts.push({ kind: 'added', server });
  }
  return drifts;
}

function serverDrift(server: string, was: RealServer, now: RealServer | undefined): Drift | undefined {
  const field = `server ${server}`;
  if (!now) return { kind: 'other', field, server, text: `${server} was deleted` };
  if (sameServer(was, now)) return undefined;
  if (sameServer({ ...was, weight: now.weight }, now)) {
    return { kind: 'weight', server, weight: now.weight, was: was.weight };
  }
  return {
    kind: 'other',
    field: `${field} settings`,
    server,
    text: `the settings of ${server} were changed`,
  };
}
