/** The daemon's state as it is shown. */

import type { ServerRecord } from './book';
import type { Core } from './core';
import { holdDownLeft } from './health';
import { pathId } from './path';
import { weightsOf } from './read-live';
import { documentServices, findMember, findService } from './roster';
import type { Job } from './runner';
import type { Director, DirectorStatus, NamedService, ServerHealth, TimedResult } from './types';

const RESULTS = 20;

export function statusOf(core: Core): DirectorStatus {
  const { generations, reconciler, world } = core;
  return {
    generation: { wanted: generations.wanted, applied: generations.applied },
    uptime: world.now() - core.started,
    blind: core.sight.isBlind,
    sight: { gateway: core.sight.gateway, problem: core.sight.problem },
    changesSent: reconciler.sent,
    changesRefused: reconciler.refused,
    lag: core.lag.lately(),
    lateResults: core.book.lateResults,
    passDuration: core.passDuration,
    contested: [...core.judge.contested].map((id) => core.nameOf(id)),
    others: reconciler.others,
    alarms: core.events.alarms,
  };
}

/** Why this director should not be the one that has the VIPs. */
export function unfitnessOf(core: Core): string | undefined {
  if (core.sight.isBlind) return 'every check fails, and the gateway does not answer';
  const poor = documentServices(core.roster).filter(
    ({ id, service }) => service.critical && core.keeping.get(id)?.quorum === false,
  );
  const names = poor.map(({ service }) => service.name).join(', ');
  return poor.length === 0 ? undefined : `too few servers of critical services: ${names}`;
}

export function namedServices({ roster }: Core): NamedService[] {
  return documentServices(roster).map(({ id, service: { name, comment } }) => ({
    key: id,
    name,
    ...(comment === undefined ? {} : { comment }),
  }));
}

/** The keys of the services that it keeps as they should be. */
export function tendedServices({ roster, judge }: Core): string[] {
  return documentServices(roster)
    .filter(
      ({ id, service }) => service.owner !== 'report' && !judge.contested.has(id) && !judge.conflicts.has(id),
    )
    .map(({ id }) => id);
}

export function healthOf(core: Core, service?: string, server?: string): ServerHealth[] {
  const now = core.world.now();
  const wall = core.world.wallClock();
  const services =
    service === undefined ? documentServices(core.roster) : only(findService(core.roster, service));
  return services.flatMap((found) => {
    const members = server === undefined ? found.members : only(findMember(found, server));
    const weights = weightsOf(core.keeping.get(found.id)?.live);
    return members.map((member) => {
      const weight = weights.get(member.serverId) ?? 0;
      return serverHealth(core, core.book.get(member.id)!, weight, now, wall);
    });
  });
}

/** Counted for many services at once: nothing is made of results. */
export function statesOf(core: Core, service: string): ReturnType<Director['states']> {
  const members = core.roster.get(service)?.members ?? [];
  return members.map((member) => ({
    state: core.book.get(member.id)!.combined.state,
    admin: core.overrides.admin(member),
  }));
}

function only<T>(found: T | undefined): readonly T[] {
  return found === undefined ? [] : [found];
}

function serverHealth(
  core: Core,
  record: ServerRecord,
  weight: number,
  now: number,
  wall: number,
): ServerHealth {
  const { member, combined, uses } = record;
  const jobs = uses.flatMap(({ key }) => core.runner.job(key) ?? []);
  const due = jobs.flatMap((job) => job.due ?? []);
  const ends = jobs.flatMap((job) => job.results.find((one) => one.certificateEnds)?.certificateEnds ?? []);
  return {
    service: member.service.name,
    server: member.server.name,
    comment: member.server.comment,
    key: { service: member.serviceId, server: member.serverId },
    path: member.mark === undefined ? undefined : pathId(member.service.service.key, member.mark),
    state: combined.state,
    since: wall - (now - combined.since),
    admin: core.overrides.admin(member),
    override: core.overrides.get(member.id),
    weight,
    results: resultsOf(jobs),
    nextCheck: due.length > 0 ? Math.max(0, Math.min(...due) - now) : undefined,
    holdDown: holdDownOf(record, now),
    certificateEnds: ends.length > 0 ? Math.min(...ends) : undefined,
  };
}

/** The last results of all checks. Those of one check are shared: large tables are shown often. */
function resultsOf(jobs: readonly Job[]): readonly TimedResult[] {
  if (jobs.length === 1) return jobs[0]!.results;
  return jobs
    .flatMap(({ results }) => results)
    .sort((a, b) => b.at - a.at)
    .slice(0, RESULTS);
}

function holdDownOf({ healths, uses }: ServerRecord, now: number): ServerHealth['holdDown'] {
  const held = healths.flatMap((health, index) => {
    if (health.state !== 'down' || health.falls.length === 0) return [];
    const remaining = holdDownLeft(health, now, uses[index]!.check);
    return { remaining, falls: health.falls.length };
  });
  return held.sort((a, b) => b.remaining - a.remaining)[0];
}
