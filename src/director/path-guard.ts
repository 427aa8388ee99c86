/**
 * Runs checks, those through the forwarding path only while their service is in the table: without it
 * they fail, or reach another server, and neither says anything about theirs.
 */
import { type Check, type CheckResult, needsMark } from '../model/check';
import type { CheckTarget } from '../model/director';
import { sameServer, sameService } from '../state/table/equality';
import { type ServiceState, serverName } from '../state/table/table-state';
import type { KeptService } from './keeping';
import { pathId } from './path';
import { LiveReader } from './read-live';
import type { Roster, RosterService } from './roster';
import type { RunnerWorld } from './runner';
import type { World } from './world';

type OuterWorld = RunnerWorld & Pick<World, 'client'>;

export interface PathState {
  kept(id: string): KeptService | undefined;
  roster(): Roster;
  /** The service is not as it should be. */
  missing(id: string): void;
}

/** The world for a runner. */
export function guarded(world: OuterWorld, state: PathState): RunnerWorld {
  const guard = new PathGuard(world, state);
  return {
    now: () => world.now(),
    wallClock: () => world.wallClock(),
    after: (milliseconds, then) => world.after(milliseconds, then),
    random: () => world.random(),
    check: (check, target) => guard.check(check, target),
  };
}

class PathGuard {
  readonly #reader: LiveReader;

  constructor(
    readonly world: Pick<World, 'check' | 'client'>,
    readonly state: PathState,
  ) {
    this.#reader = new LiveReader(world.client);
  }

  async check(check: Check, target: CheckTarget): Promise<CheckResult> {
    if (needsMark(check)) return ours('no firewall mark is left for it: widen checkMarks of the document');
    const found = this.#pathOf(check, target);
    if (!found) return await this.world.check(check, target);
    if (!isWhole(found, this.state.kept(found.id)?.live)) return this.#absent(found);
    const result = await this.world.check(check, target);
    // Somebody may have changed the service since the table was read last.
    return result.ok || result.ours || this.#isThere(found) ? result : this.#absent(found);
  }

  #pathOf({ via, mark }: Check, { service }: CheckTarget): RosterService | undefined {
    if (via !== 'path' || mark === undefined) return undefined;
    const found = this.state.roster().get(pathId(service.service.key, mark));
    return found?.pathOf && found;
  }

  #isThere(found: RosterService): boolean {
    try {
      return isWhole(found, this.#reader.service(found.service.service.key));
    } catch {
      return false;
    }
  }

  #absent({ id, service }: RosterService): CheckResult {
    this.state.missing(id);
    return ours(`the ${service.name} (${id}) is not in the table as it should be`);
  }
}

function isWhole({ service, members }: RosterService, live: ServiceState | undefined): boolean {
  const [server, ...more] = live?.servers ?? [];
  const wanted = members[0]!.server.server;
  if (!live || !server || more.length > 0 || !sameService(live.service, service.service)) return false;
  return serverName(server) === serverName(wanted) && sameServer(server, wanted);
}

function ours(message: string): CheckResult {
  return { ok: false, stage: 'resolve', duration: 0, message, ours: true };
}
