/**
 * What others did to our services: a weight that was set by hand is taken over, the rest is repaired,
 * and a service for which another program fights is left to it.
 */

import { serverName } from '../state/table/table-state';
import type { Book } from './book';
import type { Contest } from './contest';
import { type Drift, driftOf } from './drift';
import type { Events } from './events';
import { type Keeping, type KeptService, memberOf } from './keeping';
import type { Overrides } from './overrides';
import { claim, type Owned } from './ownership';
import type { LiveService } from './read-live';
import type { Member, RosterService } from './roster';
import { kernelWeight, noRamp, weightScale } from './slow-start';
import { BY_HAND } from './types';

export interface JudgeWorld {
  readonly book: Book;
  readonly overrides: Overrides;
  readonly keeping: Keeping;
  readonly events: Events;
  readonly contest: Contest;
  /** A weight was set by hand: another admin state may follow. */
  byHand(member: Member): void;
  /** Something was repaired: another look soon tells whether somebody fights. */
  repaired(): void;
}

export class Judge {
  /** Services, and other parts of the table, for which another program fights. */
  readonly contested = new Set<string>();
  /** Services that others made, with what differs from ours. */
  readonly conflicts = new Map<string, string>();
  /** Services that are to be taken over whatever they look like. */
  readonly takeOver = new Set<string>();

  constructor(readonly world: JudgeWorld) {}

  /**
   * Judges a service as it is in the table, and takes note of it.
   * @returns `ours`: it may be changed; `taken`: it has just become ours.
   */
  judge(
    found: RosterService,
    live: LiveService | undefined,
    owned: Owned,
    now: number,
  ): 'ours' | 'taken' | 'hands-off' {
    const { id, service } = found;
    const kept = this.world.keeping.of(found, live, owned.has(id));
    if (service.owner === 'report' || this.contested.has(id)) return noted(kept, live, 'hands-off');
    const claimed = claim(service, live, owned.has(id), this.takeOver.has(id));
    if (claimed.kind === 'conflict') {
      this.conflicts.set(id, claimed.difference);
      const why = `another program made it, and ${claimed.difference}`;
      this.world.events.alarm(`conflict ${id}`, `${service.name} is left alone: ${why}`);
      return noted(kept, live, 'hands-off');
    }
    this.conflicts.delete(id);
    this.world.events.end(`conflict ${id}`);
    this.takeOver.delete(id);
    if (claimed.kind === 'taken') return noted(kept, live, 'taken');
    if (kept.trusted) {
      for (const drift of driftOf(id, kept.live, live)) this.#drifted(found, kept, drift, now);
    }
    return noted(kept, live, this.contested.has(id) ? 'hands-off' : 'ours');
  }

  /** Counts a repair. */
  repair(
    { id, service }: RosterService,
    field: string,
    text: string,
    server: string | undefined,
    now: number,
  ): void {
    const { contest, events } = this.world;
    const of = { service: service.name, ...(server === undefined ? {} : { server }) };
    if (contest.repair(id, field, now)) {
      this.contested.add(id);
      const why = `${text}, again and again: another program fights for this service, which is left to it`;
      events.tell('contested', `${service.name}: ${why}`, of);
      events.alarm(`contested ${id}`, `${service.name} is contested: see who else changes it, then reload`);
      return;
    }
    if (contest.tells(`${id} ${field}`, now))
      events.tell('repaired', `${service.name}: ${text}: repaired`, of);
    this.world.repaired();
  }

  /** Counts a repair of what is no service: `timeouts`, `daemons`. */
  repairPart(part: string, text: string, now: number): void {
    const { contest, events } = this.world;
    if (contest.repair(part, 'settings', now)) {
      this.contested.add(part);
      events.tell('contested', `${text}, again and again: they are left to the program that fights for them`);
      events.alarm(`contested ${part}`, `${part} are contested: see who else changes them, then reload`);
      return;
    }
    if (contest.tells(part, now)) events.tell('repaired', `${text}: repaired`);
    this.world.repaired();
  }

  /** Gives a service, or another part of the table, another chance. */
  pardon(id: string): void {
    this.contested.delete(id);
    this.world.contest.forget(id);
    this.world.events.end(`contested ${id}`);
    const kept = this.world.keeping.get(id);
    if (kept) kept.trusted = false;
  }

  /** The document no longer has a service that others made. */
  absolve(id: string): void {
    this.conflicts.delete(id);
    this.world.events.end(`conflict ${id}`);
  }

  #drifted(found: RosterService, kept: KeptService, drift: Drift, now: number): void {
    // Servers that others added are judged when their time is over.
    if (drift.kind === 'added') return;
    const member = drift.server === undefined ? undefined : memberOf(found, drift.server);
    if (drift.kind === 'other') {
      this.repair(found, drift.field, drift.text, member?.server.name, now);
      return;
    }
    const { server, weight, was } = drift;
    const text = `the weight of ${server} was changed from ${was} to ${weight}`;
    const isSorry = found.service.sorry !== undefined && serverName(found.service.sorry) === server;
    const isFree = member && !found.pathOf && this.#isFree(kept, member);
    if (isFree) this.#takeWeight(found, kept, member, weight, text, now);
    else if (member || isSorry) this.repair(found, `weight ${server}`, text, member?.server.name, now);
  }

  /** Whether the weight of a server is not settled by its health. */
  #isFree(kept: KeptService, member: Member): boolean {
    const place = kept.places.get(member.serverId);
    if (kept.sorry || place === 'out') return false;
    return place !== 'drained' || this.world.overrides.admin(member) !== 'ready';
  }

  /** Makes it an override. A weight that is what it would be anyway ends one. */
  #takeWeight(
    { service }: RosterService,
    kept: KeptService,
    member: Member,
    weight: number,
    text: string,
    now: number,
  ): void {
    const { book, overrides, contest, events } = this.world;
    const { id, serverId, server } = member;
    const record = book.get(id)!;
    const usual = kernelWeight(record.combined.weight, weightScale(service), 1);
    kept.last.set(serverId, weight);
    book.setRamp(record, noRamp);
    if (weight === usual && server.admin === 'ready') overrides.clear(id);
    else if (weight === 0) overrides.set(member, { admin: 'drain', author: BY_HAND });
    else {
      const scaled = weight / weightScale(service);
      overrides.set(member, { admin: 'ready', weight: scaled, author: BY_HAND });
    }
    if (contest.tells(`${id} by hand`, now)) {
      const of = { service: service.name, server: server.name };
      events.tell('override', `${service.name}/${server.name}: ${text} by hand: it stays so`, of);
    }
    this.world.byHand(member);
  }
}

function noted<T>(kept: KeptService, live: LiveService | undefined, verdict: T): T {
  kept.live = live;
  if (verdict === 'hands-off') kept.changesAt = undefined;
  return verdict;
}
