/** Events in words: what happened to servers and services, to sight and to passes. */
import type { ServerRecord } from './book';
import type { Combined } from './combine';
import type { Contest } from './contest';
import type { Events } from './events';
import type { PassReport } from './reconcile';
import type { RosterService } from './roster';
import type { Job } from './runner';

export interface AnnouncerWorld {
  readonly events: Events;
  readonly contest: Contest;
  now(): number;
  job(key: string): Job | undefined;
  nameOf(id: string): string;
  isWaiting(id: string): boolean;
}

export class Announcer {
  /** The services whose last changes were refused. */
  readonly refused = new Set<string>();

  constructor(readonly world: AnnouncerWorld) {}

  /** A server has gone down, or has come back. */
  changed({ member, combined: { state }, uses }: ServerRecord, was: Combined): void {
    if (state === was.state || (state !== 'down' && was.state !== 'down') || state === 'unknown') return;
    const of = { service: member.service.name, server: member.server.name };
    const last = uses.map(({ key }) => this.world.job(key)?.results[0]);
    const why = last.find((result) => result && result.ok === (state === 'up'));
    const reason = why ? `: ${why.check}: ${why.stage}: ${why.message}` : '';
    const text = `${of.service}/${of.server} is ${state}${reason}`;
    this.world.events.tell(state === 'up' ? 'server-up' : 'server-down', text, of);
  }

  quorumChanged({ service, pathOf }: RosterService, has: boolean): void {
    if (pathOf) return;
    this.world.events.tell(
      has ? 'quorum-gained' : 'quorum-lost',
      `${service.name} ${has ? 'has enough servers again' : 'has too few servers'}`,
      { service: service.name },
    );
  }

  blind(): void {
    const text = 'every check fails, and the gateway does not answer: states stay as they are';
    this.world.events.tell('blind', text);
    this.world.events.alarm('blind', text);
  }

  sighted(): void {
    this.world.events.end('blind');
    this.world.events.tell('sighted', 'the network is back: checks count again');
  }

  passed({ refused, failure }: PassReport): void {
    const { events, contest } = this.world;
    if (failure === undefined) events.end('table');
    else events.alarm('table', `the table cannot be read or changed: ${failure}`);
    for (const id of this.refused) {
      if (this.world.isWaiting(id)) continue;
      this.refused.delete(id);
      events.end(`refused ${id}`);
    }
    for (const [id, why] of refused) {
      this.refused.add(id);
      const name = this.world.nameOf(id);
      if (contest.tells(`refused ${id}`, this.world.now())) {
        events.tell('refused', `${name}: the kernel refused a change: ${why}`, { service: name });
      }
      events.alarm(`refused ${id}`, `${name}: the kernel refuses changes`);
    }
  }
}
