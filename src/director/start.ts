/** What a starting daemon finds: its state files, and the table. */
import type { Core } from './core';
import type { SavedOwned } from './owned-record';
import type { Owned } from './ownership';
import { claim } from './ownership';
import { LiveReader, type LiveService, weightsOf } from './read-live';
import { documentServices, type Roster } from './roster';
import {
  eventsFormat,
  type Format,
  generationsFormat,
  healthFormat,
  overridesFormat,
  ownedFormat,
  type SavedEvents,
  type SavedGenerations,
  type SavedHealth,
} from './state-files';
import { load } from './store';
import type { Override } from './types';
import type { StateFile, World } from './world';

/** What is known from before. */
export interface SavedState {
  readonly owned?: SavedOwned | undefined;
  readonly health?: SavedHealth | undefined;
  readonly overrides?: ReadonlyMap<string, Override> | undefined;
  readonly generations?: SavedGenerations | undefined;
  readonly events?: SavedEvents | undefined;
  /** Files that cannot be used. */
  readonly problems: readonly string[];
}

/** Reads the state files. */
export function loadState(world: World): SavedState {
  const problems: string[] = [];
  const read = <T>(name: StateFile, format: Format<T>): T | undefined => {
    const { value, problem } = load(world, name, format);
    if (problem !== undefined) problems.push(problem);
    return value;
  };
  return {
    owned: read('owned', ownedFormat),
    health: read('health', healthFormat),
    overrides: read('overrides', overridesFormat),
    generations: read('generations', generationsFormat),
    events: read('events', eventsFormat),
    problems,
  };
}

/** The services of a document as they are in the table, each by its key. @throws netlink failures. */
export function* liveServices(
  world: Pick<World, 'client'>,
  roster: Roster,
): Generator<[id: string, live: LiveService]> {
  const reader = new LiveReader(world.client);
  for (const [id, service] of reader.services()) {
    if (roster.has(id)) yield [id, reader.withServers(service)];
  }
}

/** The services of a document that others made otherwise, a line each; '' if there are none. */
export function conflictsOf(
  roster: Roster,
  live: ReadonlyMap<string, LiveService>,
  owned: Owned,
  takeOver: boolean,
): string {
  const lines = documentServices(roster).flatMap(({ id, service }) => {
    if (service.owner === 'report') return [];
    const claimed = claim(service, live.get(id), owned.has(id), takeOver);
    if (claimed.kind !== 'conflict') return [];
    return [`${service.name}: it is in the table, but not as in the document: ${claimed.difference}`];
  });
  return lines.join('\n');
}

/**
 * What was saved as up but gets no connections may have been taken out in the last moment of the
 * former process, and what was saved as down but gets some may have been taken in by hand since: it
 * is unknown, which leaves it as it is.
 */
export function doubtSaved(core: Core, live: ReadonlyMap<string, LiveService>): void {
  for (const [id, { members }] of core.roster) {
    const weights = weightsOf(live.get(id));
    for (const member of members) {
      const record = core.book.get(member.id)!;
      const isServing = (weights.get(member.serverId) ?? 0) > 0;
      const mayServe = core.overrides.admin(member) === 'ready' && member.server.checks.length > 0;
      if (record.combined.state === (isServing ? 'down' : 'up') && mayServe) {
        core.book.forgetState(record, core.world.now());
      }
    }
  }
}
