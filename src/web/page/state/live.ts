/** What the page knows of the table, from the messages of the stream. */
import type { DirectorEvent } from '../../../director/types';
import type {
  Overview,
  OverviewChange,
  OverviewService,
  ServiceDetail,
  StreamMessages,
} from '../../contract';
import { byName } from './services';

export interface Live {
  readonly at: number;
  /** By key, in the order of their names. */
  readonly services: ReadonlyMap<string, OverviewService>;
  readonly status: Overview['status'];
  readonly ha: Overview['ha'];
  /** Newest first. */
  readonly events: readonly DirectorEvent[];
  /** The service that is looked at. undefined: nothing came yet; null: there is none. */
  readonly service: ServiceDetail | null | undefined;
}

const MAX_EVENTS = 50;

export const nothingYet: Live = {
  at: 0,
  services: new Map(),
  status: null,
  ha: null,
  events: [],
  service: undefined,
};

export type Message = {
  [Name in keyof StreamMessages]: { readonly name: Name; readonly data: StreamMessages[Name] };
}[keyof StreamMessages];

export function merged(live: Live, message: Message): Live {
  switch (message.name) {
    case 'overview':
      return fromOverview(live, message.data);
    case 'changed':
      return withChange(live, message.data);
    case 'happened':
      return { ...live, events: withEvent(live.events, message.data) };
    case 'service':
      return { ...live, service: message.data };
  }
}

function fromOverview(live: Live, { at, services, status, ha, events }: Overview): Live {
  return {
    ...live,
    at,
    services: inOrder(services),
    status,
    ha,
    events: events.slice(0, MAX_EVENTS),
  };
}

function withChange(live: Live, { at, services, gone, status, ha }: OverviewChange): Live {
  if (services.length === 0 && gone.length === 0) return { ...live, at, status, ha };
  const all = new Map(live.services);
  for (const key of gone) all.delete(key);
  // One that was there keeps its place: sorting ten thousand names takes longer than all the rest.
  const named = services.every(({ key, name }) => all.get(key)?.name === name);
  for (const service of services) all.set(service.key, service);
  return { ...live, at, services: named ? all : inOrder([...all.values()]), status, ha };
}

function inOrder(services: readonly OverviewService[]): ReadonlyMap<string, OverviewService> {
  return new Map([...services].sort(byName).map((service) => [service.key, service]));
}

/** An event that came already, because the stream began anew, is there once. */
function withEvent(events: readonly DirectorEvent[], event: DirectorEvent): readonly DirectorEvent[] {
  if (events.some(({ id }) => id === event.id)) return events;
  return [event, ...events].sort((a, b) => b.id - a.id).slice(0, MAX_EVENTS);
}
