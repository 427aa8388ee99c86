/** What the fake server knows: its table, documents, events and the log of what was done. */
import type { DirectorEvent, DirectorStatus, Generation } from '../../src/director/types';
import type { HaStatus } from '../../src/ha/types';
import type { AuditEntry, Me, Overview, OverviewChange, RateHistory, WebRole } from '../../src/web/contract';
import { documentText } from './fake-document';
import { detailOf, type FakeService, live, makeTable, numbers, overviewOf, ratesOf } from './fake-table';

export interface FakeOptions {
  readonly services?: number;
  readonly servers?: number;
  readonly seed?: number;
  /** Milliseconds from one message to the next. */
  readonly step?: number;
  /** What the server does not have. */
  readonly cannot?: Partial<Me['can']>;
}

export interface Answer {
  readonly status?: number;
  readonly json: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function refusal(status: number, problem: string): Answer {
  return { status, json: { ok: false, problem } };
}

type Hear = (name: string, data: unknown) => void;

const HOUR = 3_600_000;
const RATE_STEP = 10_000;

export class FakeDaemon {
  readonly table: FakeService[];
  readonly random: () => number;
  readonly can: Me['can'];
  events: DirectorEvent[] = [];
  documents: (Generation & { text: string })[] = [];
  audit: AuditEntry[] = [];
  alarms: string[] = ['service mail: somebody else keeps changing it, director adopt takes it back'];
  leader = 'lvs01';
  readonly #began = Date.now();
  readonly #listeners = new Set<{ service: string | null; hear: Hear }>();
  readonly #timer: ReturnType<typeof setInterval>;
  #sent = new Map<string, string>();
  #confirmation: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FakeOptions) {
    this.random = numbers(options.seed ?? 1);
    this.table = makeTable(options.services ?? 40, options.servers ?? 8, this.random, Date.now());
    this.can = { health: true, document: true, generations: true, directors: true, ...options.cannot };
    const text = documentText(this.table);
    this.accept(text.replace('interval: 2s', 'interval: 5s'), 'start', Date.now() - 26 * HOUR);
    this.accept(text, 'bernd', Date.now() - 2 * HOUR);
    this.happened({ kind: 'note', text: 'the director has started' });
    this.#timer = setInterval(() => this.pass(), options.step ?? 2000);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#confirmation);
  }

  get generation(): number {
    return this.documents[0]!.number;
  }

  me(role: WebRole): Me {
    return { name: `${role}-token`, role, version: '0.2.0', host: 'lvs01', can: this.can };
  }

  status(): DirectorStatus {
    return {
      generation: { wanted: this.generation, applied: this.generation },
      uptime: Date.now() - this.#began + 26 * HOUR,
      blind: false,
      sight: { gateway: '192.0.2.1' },
      changesSent: 1234,
      changesRefused: 0,
      lag: 3,
      lateResults: 0,
      passDuration: 12,
      contested: this.table.filter(({ owner }) => owner === 'contested').map(({ key }) => key),
      others: this.table.filter(({ owner }) => owner === 'others').map(({ key }) => key),
      alarms: this.alarms,
    };
  }

  ha(): HaStatus | null {
    if (!this.can.directors) return null;
    const role = this.leader === 'lvs01' ? 'leader' : 'standby';
    return { engine: 'etcd', name: 'lvs01', role, since: 0, leader: this.leader, problems: [] };
  }

  overview(): Overview {
    return {
      at: Date.now(),
      services: this.table.map((service) => this.#withoutHealth(overviewOf(service))),
      status: this.can.health ? this.status() : null,
      ha: this.ha(),
      events: this.events.slice(0, 50),
    };
  }

  #withoutHealth(service: ReturnType<typeof overviewOf>): ReturnType<typeof overviewOf> {
    if (this.can.health) return service;
    const unknown = service.up + service.down + service.unknown;
    return { ...service, up: 0, down: 0, unknown, drained: 0, owner: 'ours' };
  }

  find(name: string): FakeService | undefined {
    return this.table.find((service) => service.key === name || service.name === name);
  }

  detail(name: string) {
    const service = this.find(name);
    if (!service) return null;
    const detail = detailOf(service, this.can.health);
    return { ...detail, ...this.#withoutHealth(overviewOf(service)) };
  }

  rates(service: FakeService): RateHistory {
    const count = HOUR / RATE_STEP;
    const random = numbers(service.key.length * 7919 + service.servers.length);
    const activeNow = overviewOf(service).active;
    let level = activeNow * 0.7;
    const active = Array.from({ length: count }, (_, index) => {
      level = Math.max(0, level + (activeNow - level) * 0.02 + (random() - 0.5) * activeNow * 0.08);
      return index < 30 ? null : Math.round(level);
    });
    const of = (name: 'connections' | 'inBytes' | 'outBytes') =>
      active.map((value) => (value === null ? null : ratesOf(value)[name]));
    return {
      from: Date.now() - HOUR,
      step: RATE_STEP,
      series: { connections: of('connections'), inBytes: of('inBytes'), outBytes: of('outBytes'), active },
    };
  }

  /** Time passes: for tests also when they say so. */
  pass(): void {
    for (const event of live(this.table, this.random, Date.now())) this.happened(event);
    this.tell();
  }

  happened(event: Pick<DirectorEvent, 'kind' | 'text'> & Partial<DirectorEvent>): void {
    const id = (this.events[0]?.id ?? 0) + 1;
    const whole: DirectorEvent = { at: Date.now(), ...event, id };
    this.events = [whole, ...this.events].slice(0, 1000);
    for (const { hear } of this.#listeners) hear('happened', whole);
  }

  /** Sends what has changed. */
  tell(): void {
    const { at, services, status, ha } = this.overview();
    const now = new Map(services.map((service) => [service.key, JSON.stringify(service)]));
    const changed = services.filter(({ key }) => now.get(key) !== this.#sent.get(key));
    const gone = [...this.#sent.keys()].filter((key) => !now.has(key));
    this.#sent = now;
    const change: OverviewChange = { at, services: changed, gone, status, ha };
    for (const { service, hear } of this.#listeners) {
      hear('changed', change);
      if (service !== null) hear('service', this.detail(service));
    }
  }

  listen(service: string | null, hear: Hear): () => void {
    const listener = { service, hear };
    hear('overview', this.overview());
    if (service !== null) hear('service', this.detail(service));
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param confirm milliseconds. */
  accept(text: string, author: string, at = Date.now(), confirm?: number): void {
    clearTimeout(this.#confirmation);
    const number = (this.documents[0]?.number ?? 5) + 1;
    const sha256 = Array.from({ length: 64 }, () => Math.floor(this.random() * 16).toString(16)).join('');
    const until = confirm === undefined ? {} : { confirmUntil: at + confirm };
    this.documents.unshift({ number, sha256, at, author, applied: true, text, ...until });
    if (confirm !== undefined) {
      const before = this.documents[1]!.text;
      this.#confirmation = setTimeout(() => {
        this.confirm();
        this.accept(before, 'nobody confirmed');
        this.happened({ kind: 'rolled-back', text: `generation ${number} was not confirmed` });
        this.tell();
      }, confirm);
    }
  }

  /** The document in use waits for nobody any more. */
  confirm(): void {
    clearTimeout(this.#confirmation);
    const { confirmUntil: _, ...kept } = this.documents[0]!;
    this.documents[0] = kept;
  }
}
