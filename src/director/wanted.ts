/** What the table should be: a pure function of settings, health, overrides and ramps. */
import type { AdminState, DirectorService } from '../model/director';
import type { RealServer } from '../model/real-server';
import type { ServiceState } from '../state/table/table-state';
import { heldIn } from './at-most-half';
import type { Combined } from './combine';
import { hasQuorum } from './quorum';
import { kernelWeight, RAMP_STEP, rampPart, weightScale } from './slow-start';

/** What is known of a server. Times are monotonic milliseconds. */
export interface ServerFacts {
  readonly admin: AdminState;
  /** A weight that somebody set in the kernel, in the terms of the file. */
  readonly byHand?: number | undefined;
  readonly combined: Combined;
  /** When its weight began to grow. */
  readonly rampSince?: number | undefined;
  /** Its weight when it was wanted last, or that in the kernel; undefined: it was not there. */
  readonly last: number | undefined;
}

export interface ServiceFacts {
  /** In the order of the service's servers. */
  readonly servers: readonly ServerFacts[];
  readonly hadQuorum: boolean;
}

/**
 * Where a server is: `in` with a weight of its own; `out` because it is down; `drained` as somebody
 * wants; `kept` as it was, because nothing is known or too much is down.
 */
export type Place = 'in' | 'out' | 'drained' | 'kept';

export interface WantedService {
  readonly state: ServiceState;
  readonly quorum: boolean;
  /** Whether the sorry server is in. */
  readonly sorry: boolean;
  /** In the order of the service's servers. */
  readonly places: readonly Place[];
  /** When the passing of time alone changes it. */
  readonly changesAt?: number | undefined;
}

export function wantedService(
  service: DirectorService,
  { servers, hadQuorum }: ServiceFacts,
  now: number,
): WantedService {
  const places = placesOf(service, servers);
  const weights = servers.map((facts, index) => nominalWeight(places[index]!, service, facts));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const quorum = hasQuorum(service, sum, hadQuorum);
  const nobody = sum === 0;
  const sorry = Boolean(service.sorry) && !quorum && !(nobody && service.whenAllDown === 'drop');
  const keeps = nobody && !sorry && service.whenAllDown === 'keep';
  const clock = new Clock(now);
  const wanted = service.servers.flatMap((server, index) => {
    const facts = servers[index]!;
    const place = keeps && isReady(facts) && places[index] === 'out' ? 'kept' : places[index]!;
    const alone = sum === weights[index];
    const weight = sorry
      ? outWeight(service, facts, clock, place)
      : weightIn(place, service, facts, alone, clock);
    return weight === undefined ? [] : [{ ...server.server, weight }];
  });
  const spare = sorry ? sorryServer(service) : service.spare;
  return {
    state: { service: service.service, servers: spare ? [...wanted, spare] : wanted },
    quorum,
    sorry,
    places,
    changesAt: clock.next,
  };
}

/** Where the servers of a service are, as far as each is concerned. */
export function placesOf(service: DirectorService, servers: readonly ServerFacts[]): readonly Place[] {
  const falling = servers.filter(isFalling).map(({ combined }) => combined);
  const held = heldIn(falling, service.servers.length).values();
  return servers.map((facts) => {
    const { admin, combined } = facts;
    if (admin === 'maint') return 'drained';
    if (isFalling(facts)) return held.next().value ? 'kept' : 'out';
    if (combined.state === 'down') return 'out';
    if (admin === 'drain') return 'drained';
    if (combined.state === 'unknown') return 'kept';
    return combined.wish === 'ready' ? 'in' : 'drained';
  });
}

function isFalling(facts: ServerFacts): boolean {
  return isReady(facts) && facts.combined.state === 'down';
}

function isReady({ admin }: ServerFacts): boolean {
  return admin === 'ready';
}

/** The weight that counts for the quorum: without slow start, in the terms of the file. */
function nominalWeight(place: Place, service: DirectorService, facts: ServerFacts): number {
  if (place === 'in') return facts.byHand ?? facts.combined.weight;
  return place === 'kept' ? (facts.last ?? 0) / weightScale(service) : 0;
}

/** The weight in the kernel; undefined: the server is not in it. */
function weightIn(
  place: Place,
  service: DirectorService,
  facts: ServerFacts,
  alone: boolean,
  clock: Clock,
): number | undefined {
  if (place === 'kept') return facts.last;
  if (place !== 'in') return outWeight(service, facts, clock, place);
  if (facts.byHand !== undefined) return kernelWeight(facts.byHand, weightScale(service), 1);
  const part = alone ? 1 : partOf(service, facts, clock);
  return kernelWeight(facts.combined.weight, weightScale(service), part);
}

function partOf({ slowStart }: DirectorService, { rampSince }: ServerFacts, clock: Clock): number {
  if (rampSince === undefined) return 1;
  const elapsed = clock.now - rampSince;
  const part = rampPart(slowStart, elapsed);
  if (part < 1) clock.at(rampSince + (Math.floor(Math.max(0, elapsed) / RAMP_STEP) + 1) * RAMP_STEP);
  return part;
}

/** What a server has that gets no new connections. */
function outWeight(
  { onFail, removeAfter }: DirectorService,
  { combined }: ServerFacts,
  clock: Clock,
  place: Place,
): 0 | undefined {
  if (place === 'drained') return 0;
  if (onFail === 'remove') return undefined;
  if (removeAfter === undefined || combined.state !== 'down') return 0;
  if (clock.now - combined.since >= removeAfter) return undefined;
  clock.at(combined.since + removeAfter);
  return 0;
}

function sorryServer(service: DirectorService): RealServer {
  const sorry = service.sorry!;
  return { ...sorry, weight: kernelWeight(Math.max(1, sorry.weight), weightScale(service), 1) };
}

/** The time of a wanted table, and the next moment at which it is another one. */
class Clock {
  next: number | undefined;

  constructor(readonly now: number) {}

  at(moment: number): void {
    if (this.next === undefined || moment < this.next) this.next = moment;
  }
}
