/** What is remembered of each service of the table, and what follows from it for the next pass. */
import type { RealServer } from '../model/real-server';
import { type ServiceState, serverName } from '../state/table/table-state';
import type { Book, ServerRecord } from './book';
import { type Leaving, remainder } from './leaving';
import type { Overrides } from './overrides';
import { type Owned, surplusOf } from './ownership';
import type { LiveService } from './read-live';
import type { Member, RosterService } from './roster';
import { kernelWeight, rampAfter, weightScale } from './slow-start';
import { type Place, placesOf, type ServerFacts, wantedService } from './wanted';

export interface KeptService {
  /** How the table had it last. */
  live?: ServiceState | undefined;
  /** Whether we left it so: what differs later, others did. */
  trusted: boolean;
  /** The weights that were wanted last, or that the kernel had, by the keys of the servers. */
  last: Map<string, number>;
  /** By how much they are larger than those of a file. */
  scale: number;
  /** Where each server was, by its key. */
  places: ReadonlyMap<string, Place>;
  sorry: boolean;
  quorum?: boolean | undefined;
  /** What was told of the quorum. */
  toldQuorum?: boolean | undefined;
  /** Since when servers are no longer wanted, or are there although they are not ours. */
  readonly leaving: Map<string, number>;
  readonly strangers: Map<string, number>;
  /** When the passing of time alone changes what is wanted. */
  changesAt?: number | undefined;
}

export interface KeepingWorld {
  readonly book: Book;
  readonly overrides: Overrides;
  readonly savedQuorum: ReadonlyMap<string, boolean> | undefined;
  /** How long others' servers stay in a service of ours. */
  resync(): number;
  quorumChanged(service: RosterService, has: boolean): void;
}

export class Keeping {
  readonly #services = new Map<string, KeptService>();

  constructor(readonly world: KeepingWorld) {}

  get(id: string): KeptService | undefined {
    return this.#services.get(id);
  }

  /**
   * The memory of a service, which begins with how the table has it.
   * @param isOurs whether this director has made the table's weights.
   */
  of({ id, service }: RosterService, live: LiveService | undefined, isOurs: boolean): KeptService {
    const known = this.#services.get(id);
    if (known) return known;
    const sorry = service.sorry && serverName(service.sorry);
    const isSorry = (server: RealServer) => serverName(server) === sorry && server.weight > 0;
    const hasSorry = live?.servers.some(isSorry) ?? true;
    const fresh: KeptService = {
      live,
      trusted: false,
      last: new Map(live?.servers.map((server) => [serverName(server), server.weight])),
      scale: isOurs ? weightScale(service) : 1,
      places: new Map(),
      sorry: sorry !== undefined && hasSorry,
      quorum: this.world.savedQuorum?.get(id) ?? (sorry === undefined || !hasSorry),
      leaving: new Map(),
      strangers: new Map(),
    };
    this.#services.set(id, fresh);
    return fresh;
  }

  forget(id: string): void {
    this.#services.delete(id);
  }

  /** The services that the passing of time changes. */
  due(now: number): string[] {
    return [...this.#services].filter(([, { changesAt }]) => (changesAt ?? now + 1) <= now).map(([id]) => id);
  }

  get quorum(): ReadonlyMap<string, boolean> {
    return new Map([...this.#services].map(([id, { quorum }]) => [id, quorum ?? true]));
  }

  /** What a service should be, with the servers that leave and those of others that stay. */
  wanted(
    found: RosterService,
    kept: KeptService,
    live: LiveService | undefined,
    owned: Owned,
    now: number,
  ): ServiceState {
    const { service, members } = found;
    rescale(kept, weightScale(service));
    const records = members.map(({ id }) => this.world.book.get(id)!);
    const facts = () => records.map((record) => this.#facts(record, kept));
    const places = placesOf(service, facts());
    for (const [index, record] of records.entries()) {
      const place = places[index]!;
      const ramp = rampAfter(record.ramp, place === 'drained' ? 'out' : place, service.slowStart, now);
      this.world.book.setRamp(record, ramp);
    }
    const wanted = wantedService(service, { servers: facts(), hadQuorum: kept.quorum ?? true }, now);
    kept.places = new Map(members.map(({ serverId }, index) => [serverId, wanted.places[index]!]));
    kept.sorry = wanted.sorry;
    kept.quorum = wanted.quorum;
    this.#tellQuorum(found, kept, records);
    const known = new Set(members.map(({ serverId }) => serverId));
    kept.last = new Map(
      wanted.state.servers.flatMap((server): [string, number][] => {
        const name = serverName(server);
        return known.has(name) ? [[name, server.weight]] : [];
      }),
    );
    kept.changesAt = wanted.changesAt;
    const rest = live ? this.#surplus(found, kept, live, owned, now) : [];
    return { service: service.service, servers: [...wanted.state.servers, ...rest] };
  }

  #facts({ member, combined, ramp }: ServerRecord, kept: KeptService): ServerFacts {
    return {
      admin: this.world.overrides.admin(member),
      byHand: this.world.overrides.get(member.id)?.weight,
      combined,
      rampSince: ramp.since,
      last: kept.last.get(member.serverId),
    };
  }

  /** The servers that stay although the document does not have them. */
  #surplus(
    found: RosterService,
    kept: KeptService,
    live: LiveService,
    owned: Owned,
    now: number,
  ): RealServer[] {
    const { service, id } = found;
    const surplus = surplusOf(service, live, owned.get(id) ?? new Set());
    const there = new Set(surplus.map(({ server }) => serverName(server)));
    for (const map of [kept.leaving, kept.strangers]) {
      for (const name of map.keys()) if (!there.has(name)) map.delete(name);
    }
    return surplus.flatMap(({ server, of }) => {
      const name = serverName(server);
      const since = begin(of === 'ours' ? kept.leaving : kept.strangers, name, now);
      if (of === 'ours') {
        const left = remainder(live.service, server, { since, removeAfter: service.removeAfter }, now);
        if (left) wake(kept, now);
        return left ?? [];
      }
      if (service.owner === 'shared') return server;
      const until = since + this.world.resync();
      wake(kept, until);
      return now >= until ? [] : server;
    });
  }

  /** Told once it is known of every server, and then when it changes. */
  #tellQuorum(found: RosterService, kept: KeptService, records: readonly ServerRecord[]): void {
    if (records.some(({ combined }) => combined.state === 'unknown') || kept.toldQuorum === kept.quorum)
      return;
    if (kept.toldQuorum !== undefined || !kept.quorum) this.world.quorumChanged(found, kept.quorum ?? true);
    kept.toldQuorum = kept.quorum;
  }
}

/** A slow start that comes or goes changes the scale of all weights of a service at the same time. */
function rescale(kept: KeptService, scale: number): void {
  if (kept.scale === scale) return;
  const factor = scale / kept.scale;
  kept.last = new Map([...kept.last].map(([name, weight]) => [name, kernelWeight(weight, factor, 1)]));
  kept.scale = scale;
}

function begin(map: Map<string, number>, name: string, now: number): number {
  const since = map.get(name) ?? now;
  map.set(name, since);
  return since;
}

function wake(kept: KeptService, at: number): void {
  if (kept.changesAt === undefined || at < kept.changesAt) kept.changesAt = at;
}

/** What is left of a service that the document no longer has; undefined: it is to be deleted. */
export function leavingService(
  live: LiveService,
  owned: ReadonlySet<string>,
  leaving: Leaving,
  now: number,
): { readonly state: ServiceState | undefined; readonly ours: boolean } {
  const surplus = surplusOf(undefined, live, owned);
  const others = surplus.filter(({ of }) => of === 'others').map(({ server }) => server);
  const rest = surplus
    .filter(({ of }) => of === 'ours')
    .flatMap(({ server }) => remainder(live.service, server, leaving, now) ?? []);
  const ours = rest.length > 0;
  // What others have put into it stays, and with it the service.
  if (!ours && others.length === 0) return { state: undefined, ours: true };
  return { state: { service: live.service, servers: [...rest, ...others] }, ours };
}

/** A member by its key within its service. */
export function memberOf({ members }: RosterService, serverId: string): Member | undefined {
  return members.find((member) => member.serverId === serverId);
}
