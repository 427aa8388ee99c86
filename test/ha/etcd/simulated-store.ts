/** A simulated etcd: one history, leases, changes of its leader; and a network that loses, delays, doubles. */
import type {
  Answer,
  Entry,
  EtcdStore,
  Head,
  Lease,
  Operation,
  Renewal,
  Transacted,
  Transaction,
} from '../../../src/ha/etcd/store';
import type { SimulatedClock } from '../../helpers/simulated-clock';

/** etcd looks for leases that have ended every 500 ms. */
const TICK = 500;
/** What a new leader of etcd adds to leases. */
const ELECTION = 1000;

interface StoredLease {
  readonly seconds: number;
  expires: number;
}

interface Contents {
  readonly entries: Map<string, Entry>;
  readonly leases: Map<string, StoredLease>;
  revision: bigint;
}

export class SimulatedStore {
  contents: Contents = { entries: new Map(), leases: new Map(), revision: 1n };
  term = 2n;
  id = '1000';
  /** It answers nothing. */
  down = false;
  readonly watchers = new Set<{ readonly prefix: string; tell(): void }>();
  /** When directors gave the key up of themselves. */
  readonly handedOver = new Map<string, number>();
  #leases = 0;

  constructor(
    readonly clock: SimulatedClock,
    readonly random: () => number,
  ) {
    const look = () => {
      this.#expire();
      clock.after(TICK, look);
    };
    clock.after(Math.floor(random() * TICK) + 1, look);
  }

  get head(): Head {
    return { store: this.id, term: this.term, revision: this.contents.revision };
  }

  get(key: string): Entry | undefined {
    return this.contents.entries.get(key);
  }

  transact({ conditions, operations }: Transaction): Transacted {
    const { entries } = this.contents;
    const holds = conditions.every((compare) => {
      const entry = entries.get(compare.key);
      return 'created' in compare
        ? (entry?.created ?? 0n) === compare.created
        : (entry?.modified ?? 0n) === compare.modified;
    });
    if (!holds) return { head: this.head, done: false, found: [] };
    const missing = operations.some(
      (one) => one.kind === 'put' && one.lease !== undefined && !this.contents.leases.has(one.lease),
    );
    if (missing) throw new Error('requested lease not found');
    if (operations.some(({ kind }) => kind === 'put' || kind === 'delete')) this.contents.revision += 1n;
    const touched: string[] = [];
    const found = operations.map((one) => this.#carryOut(one, touched));
    this.#tell(touched);
    return { head: this.head, done: true, found };
  }

  #carryOut(one: Operation, touched: string[]): Entry[] {
    const { entries, revision } = this.contents;
    if (one.kind === 'list') {
      return [...entries.values()].filter(({ key }) => key.startsWith(one.prefix)).slice(0, one.most);
    }
    const former = entries.get(one.key);
    if (one.kind === 'put' && one.value.includes('"released":true')) {
      this.handedOver.set((JSON.parse(one.value) as { name: string }).name, this.clock.now);
    }
    if (one.kind === 'read') return former ? [former] : [];
    if (one.kind === 'put') {
      const { key, value, lease = '0' } = one;
      entries.set(key, { key, value, created: former?.created ?? revision, modified: revision, lease });
    } else entries.delete(one.key);
    touched.push(one.key);
    return [];
  }

  grant(seconds: number): Lease {
    this.#leases += 1;
    const id = `${this.#leases}`;
    this.contents.leases.set(id, { seconds, expires: this.clock.now + seconds * 1000 });
    return { id, seconds };
  }

  /** @param head as the member has it before. */
  keepAlive(id: string): Renewal {
    const lease = this.contents.leases.get(id);
    if (lease && lease.expires > this.clock.now) {
      lease.expires = this.clock.now + lease.seconds * 1000;
      return { head: this.head, seconds: lease.seconds };
    }
    if (lease) this.revoke(id);
    return { head: this.head, seconds: 0 };
  }

  revoke(id: string): void {
    if (!this.contents.leases.delete(id)) return;
    const keys = [...this.contents.entries.values()].filter(({ lease }) => lease === id);
    if (keys.length === 0) return;
    this.contents.revision += 1n;
    for (const { key } of keys) this.contents.entries.delete(key);
    this.#tell(keys.map(({ key }) => key));
  }

  /** Its members agree on a new leader, which gives all leases their time again. */
  changeLeader(): void {
    this.term += 1n;
    this.#extend();
  }

  snapshot(): Contents {
    const { entries, leases, revision } = this.contents;
    return {
      entries: new Map(entries),
      leases: new Map([...leases].map(([id, lease]) => [id, { ...lease }])),
      revision,
    };
  }

  /** It is built anew from a snapshot. */
  restore({ entries, leases, revision }: Contents): void {
    this.contents = { entries: new Map(entries), leases: new Map(leases), revision };
    this.term = 2n;
    this.#extend();
    for (const { tell } of this.watchers) tell();
  }

  #extend(): void {
    for (const lease of this.contents.leases.values()) {
      lease.expires = this.clock.now + lease.seconds * 1000 + ELECTION;
    }
  }

  #expire(): void {
    if (this.down) return;
    for (const [id, { expires }] of this.contents.leases) if (expires <= this.clock.now) this.revoke(id);
  }

  #tell(keys: readonly string[]): void {
    for (const { prefix, tell } of this.watchers) if (keys.some((key) => key.startsWith(prefix))) tell();
  }
}

/** What the network does with a request. Chances from 0 to 1. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  readonly slow: number;
  /** What a slow request needs at most for one way, in milliseconds. */
  readonly latest?: number | undefined;
}

export const fair: Weather = { lost: 0, doubled: 0, slow: 0 };

/** What a request may be late at most: then it is lost. */
export const LATEST = 2500;
/** Of one of several members. */
const LIMIT = 500;

/** The store as one process of a director sees it. */
export class Connection implements EtcdStore {
  weather = fair;
  cut = false;
  /** A member that does not know that it leads no more answers renewals: of this term. */
  stale: bigint | undefined;

  constructor(
    readonly store: SimulatedStore,
    /** Calls back into the process, unless it is dead; later, if it is frozen. */
    readonly deliver: (work: () => void) => void,
  ) {}

  transact(transaction: Transaction): Promise<Answer<Transacted>> {
    return this.#ask(() => this.store.transact(transaction));
  }

  grant(seconds: number): Promise<Answer<Lease>> {
    return this.#ask(() => this.store.grant(seconds));
  }

  keepAlive(lease: string): Promise<Answer<Renewal>> {
    const { stale } = this;
    if (stale === undefined) return this.#ask(() => this.store.keepAlive(lease));
    return this.#ask(() => ({ head: { ...this.store.head, term: stale }, seconds: 3 }));
  }

  revoke(lease: string): Promise<Answer<undefined>> {
    return this.#ask(() => {
      this.store.revoke(lease);
      return undefined;
    });
  }

  watch(prefix: string, poke: () => void): () => void {
    const watcher = {
      prefix,
      tell: () => {
        if (!this.cut) this.store.clock.after(1 + Math.floor(this.#chance * 3), () => this.deliver(poke));
      },
    };
    this.store.watchers.add(watcher);
    return () => this.store.watchers.delete(watcher);
  }

  get #chance(): number {
    return this.store.random();
  }

  #ask<T>(work: () => T): Promise<Answer<T>> {
    const { clock } = this.store;
    return new Promise((resolve) => {
      const answer = (value: Answer<T>, after: number) =>
        clock.after(after, () => this.deliver(() => resolve(value)));
      answer({ ok: false, kind: 'unreachable', problem: 'no answer within 0.5s' }, LIMIT);
      const { lost, doubled, slow, latest = LATEST } = this.weather;
      const carryOut = () => {
        if (this.store.down) return;
        const value = outcome(work);
        if (!this.cut && this.#chance >= lost) answer(value, this.#way(slow, latest));
      };
      if (this.cut || this.#chance < lost) return;
      clock.after(this.#way(slow, latest), carryOut);
      if (this.#chance < doubled) clock.after(this.#way(1, LATEST), carryOut);
    });
  }

  #way(slow: number, latest: number): number {
    return this.#chance < slow ? Math.floor(this.#chance * latest) : 1 + Math.floor(this.#chance * 3);
  }
}

function outcome<T>(work: () => T): Answer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, kind: 'refused', problem: (error as Error).message };
  }
}
