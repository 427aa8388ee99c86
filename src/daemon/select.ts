/** The real servers, and the events, that a request names. */
import type { Director, DirectorEvent, ServerHealth } from '../director/types';

/** Of those that a name may have been meant as. */
const MAX_NAMES = 10;

/** What is wrong with the names or keys of a service, and of a server; undefined if the document has them. */
export function nameProblem(
  director: Director,
  service: string | undefined,
  server: string | undefined,
): string | undefined {
  if (service === undefined) return undefined;
  const services = director.services();
  const found = services.find(({ key, name }) => service === key || service === name);
  if (!found) return notKnown(service, services);
  if (server === undefined || director.health(found.key, server).length > 0) return undefined;
  const servers = director.health(found.key).map((one) => ({ name: `${found.name}/${one.server}` }));
  return notKnown(`${service}/${server}`, servers);
}

function notKnown(given: string, known: readonly { readonly name: string }[]): string {
  const names = known.slice(0, MAX_NAMES).map(({ name }) => name);
  return `${given}: it is not known: there are ${names.join(', ') || 'none'}`;
}

/** The comments of services, by their keys. */
export function serviceComments(director: Director): Readonly<Record<string, string>> {
  return Object.fromEntries(
    director.services().flatMap(({ key, comment }) => (comment === undefined ? [] : [[key, comment]])),
  );
}

/** Their health, read service by service while it is told. @param most results of each server. */
export function* healthItems(
  director: Director,
  service: string | undefined,
  server: string | undefined,
  most: number,
): Generator<ServerHealth> {
  const keys = service === undefined ? director.services().map(({ key }) => key) : [service];
  for (const key of keys) {
    for (const one of director.health(key, server)) {
      yield one.results.length > most ? { ...one, results: one.results.slice(0, most) } : one;
    }
  }
}

/** Which events are about a service or a server; a name that the document has no more may have some. */
export function eventsOf(
  director: Director,
  service: string | null,
  server: string | null,
): { wants(event: DirectorEvent): boolean } | { readonly problem: string } {
  if (service === null) return { wants: () => true };
  const [one] = director.health(service, server ?? undefined);
  const [wantedService, wantedServer] = [one?.service ?? service, server && (one?.server ?? server)];
  const wants = (event: DirectorEvent) =>
    event.service === wantedService && (wantedServer === null || event.server === wantedServer);
  const problem = nameProblem(director, service, server ?? undefined);
  if (problem === undefined || director.events(0).some(wants)) return { wants };
  return { problem };
}
