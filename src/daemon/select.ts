/** The real servers, and the events, that a request names. */
import type { Director, DirectorEvent, ServerHealth } from '../director/types';

/** The servers of a service, or one, by names or keys. */
export function selected(
  all: readonly ServerHealth[],
  service: string | undefined,
  server: string | undefined,
): readonly ServerHealth[] {
  return all.filter(
    (one) =>
      (service === undefined || one.service === service || one.key.service === service) &&
      (server === undefined || one.server === server || one.key.server === server),
  );
}

/** What is wrong with a name. */
export function notKnown(
  all: readonly ServerHealth[],
  service: string | undefined,
  server: string | undefined,
): string {
  const known = [...new Set(all.map((one) => (server === undefined ? one.service : fullName(one))))];
  const some = known.slice(0, 10).join(', ') || 'none';
  return `${[service, server].filter(Boolean).join('/')}: it is not known: there are ${some}`;
}

/** Which events are about a service or a server; a name that the document has no more may have some. */
export function eventsOf(
  director: Director,
  service: string | null,
  server: string | null,
): { wants(event: DirectorEvent): boolean } | { readonly problem: string } {
  if (service === null) return { wants: () => true };
  const all = director.health();
  const [one] = selected(all, service, server ?? undefined);
  const [wantedService, wantedServer] = [one?.service ?? service, server && (one?.server ?? server)];
  const wants = (event: DirectorEvent) =>
    event.service === wantedService && (wantedServer === null || event.server === wantedServer);
  if (one || director.events(0).some(wants)) return { wants };
  return { problem: notKnown(all, service, server ?? undefined) };
}

function fullName({ service, server }: ServerHealth): string {
  return `${service}/${server}`;
}
