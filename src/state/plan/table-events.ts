/** What happened to a table between two looks at it, as events like those of the director daemon. */
import type { Change } from '../../model/change';
import type { RealServer } from '../../model/real-server';
import type { SyncDaemon } from '../../model/sync-daemon';
import type { Timeouts } from '../../model/table';
import type { ServiceKey, VirtualService } from '../../model/virtual-service';
import { daemonRule, timeoutsRule } from '../rules/write';
import { sameServer } from '../table/equality';
import { serverName, serviceName, type WholeState } from '../table/table-state';
import { type PlannedChange, planChanges } from './diff';
import { serverLine, serviceLine } from './patch';
import { changeObject } from './plan-json';

/** Something that has come, gone or changed in a table. */
export interface TableEvent {
  /** Grows by one each. */
  readonly id: number;
  /** Wall clock: when it was seen. */
  readonly at: number;
  readonly kind: string;
  /** As `serviceName` and `serverName` say. */
  readonly service?: string | undefined;
  readonly server?: string | undefined;
  /** For people. */
  readonly text: string;
  /** The entry of a state document as it was and as it is. */
  readonly was?: object | undefined;
  readonly to?: object | undefined;
}

type Told = Pick<TableEvent, 'kind' | 'service' | 'server' | 'text'>;
type Of<Kind extends Change['kind']> = Change & { readonly kind: Kind };
type Tell<Kind extends Change['kind']> = (
  change: Of<Kind>,
  was: never,
  former: WholeState,
) => Told | readonly Told[];

/** How each change of a plan is told. */
const tellings: { readonly [Kind in Exclude<Change['kind'], 'flush' | 'zero'>]: Tell<Kind> } = {
  'add-service': ({ service }) => ofService('service-added', service.key, serviceLine(service)),
  'edit-service': ({ service }, was: VirtualService) =>
    ofService('service-changed', service.key, `${serviceLine(service)}, was ${serviceLine(was)}`),
  'delete-service': ({ key }, was: VirtualService, { services }) => {
    const name = serviceName(key);
    const servers = services.find(({ service }) => serviceName(service.key) === name)?.servers ?? [];
    return [
      ...servers.map((server) => ofServer('server-deleted', key, server, serverLine(key, server))),
      ofService('service-deleted', key, serviceLine(was)),
    ];
  },
  'add-server': ({ key, server }) => ofServer('server-added', key, server, serverLine(key, server)),
  'edit-server': ({ key, server }, was: RealServer) =>
    sameServer({ ...server, weight: was.weight }, was)
      ? ofServer('weight', key, server, `weight ${was.weight} -> ${server.weight}`)
      : ofServer('server-changed', key, server, `${serverLine(key, server)}, was ${serverLine(key, was)}`),
  'delete-server': ({ key }, was: RealServer) => ofServer('server-deleted', key, was, serverLine(key, was)),
  'set-timeouts': ({ timeouts }, was: Timeouts) => ({
    kind: 'timeouts',
    text: `${timeoutsRule(timeouts)}, was ${timeoutsRule(was)}`,
  }),
  'start-daemon': ({ daemon }) => ({ kind: 'daemon-started', text: daemonRule(daemon) }),
  'stop-daemon': (_, was: SyncDaemon) => ({ kind: 'daemon-stopped', text: daemonRule(was) }),
};

/** Follows a table from `first` on: each call takes it as it is now, and returns what happened since the call before. */
export function tableFollower(first: WholeState): (now: WholeState) => TableEvent[] {
  let former = first;
  let id = 0;
  return (now) => {
    const events = tableEvents(former, now).map((event) => {
      id += 1;
      return { id, at: Date.now(), ...event };
    });
    former = now;
    return events;
  };
}

/** @returns what turned the former table into this one, without numbers and times. */
function tableEvents(former: WholeState, now: WholeState): Omit<TableEvent, 'id' | 'at'>[] {
  return planChanges(former, now).flatMap((planned) => eventsOf(planned, former));
}

function eventsOf(planned: PlannedChange, former: WholeState): Omit<TableEvent, 'id' | 'at'>[] {
  const { change, was } = planned;
  const tell = tellings[change.kind as keyof typeof tellings] as Tell<Change['kind']>;
  const told = [tell(change, was as never, former)].flat();
  const { was: before, to } = changeObject(planned) as { was?: object; to?: object };
  // Of a service that went with its real servers the last event is the one that the change is about.
  return told.map((event, index) => (index < told.length - 1 ? event : { ...event, was: before, to }));
}

function ofService(kind: string, key: ServiceKey, text: string): Told {
  const service = serviceName(key);
  return { kind, service, text: `${service}: ${text}` };
}

function ofServer(kind: string, key: ServiceKey, of: RealServer, text: string): Told {
  const [service, server] = [serviceName(key), serverName(of)];
  return { kind, service, server, text: `${service}/${server}: ${text}` };
}

/**
 * Whether an event is about what a name names: `SERVICE` or `SERVICE/SERVER`, the service also without its
 * protocol.
 */
export function isAbout(
  { service, server }: Pick<TableEvent, 'service' | 'server'>,
  name: { readonly service: string; readonly server?: string | undefined },
): boolean {
  const fits = service === name.service || service?.replace(/^[a-z]+:/, '') === name.service;
  return fits && (name.server === undefined || server === name.server);
}
