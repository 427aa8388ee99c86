/** Directors in this process, with a real etcd, and VIPs in a kernel that is simulated. */
import { EtcdClient, patienceOf } from '../../../src/daemon/etcd/client';
import { EtcdEngine } from '../../../src/ha/etcd/engine';
import type { HaListener, Role } from '../../../src/ha/types';
import type { HaWorld } from '../../../src/ha/world';

const TTL = 3000;
/** How late the kernel may take an address off, in milliseconds. */
const KERNEL_LATE = 250;

export function now(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

export class RealDirector implements HaListener {
  readonly client: EtcdClient;
  readonly engine: EtcdEngine;
  readonly alarms = new Map<string, string>();
  /** What it said, for whoever wonders why a test failed. */
  readonly story: string[] = [];
  /** Until when the kernel has the VIPs. */
  until = 0;
  /** It gives up its key, and has the VIPs for a last second. */
  handsOver = false;
  alive = true;

  constructor(
    readonly set: DirectorSet,
    readonly name: string,
    endpoints: readonly string[],
  ) {
    this.client = new EtcdClient({ endpoints, tls: {}, patience: patienceOf(endpoints.length, TTL) });
    const transact = this.client.transact.bind(this.client);
    this.client.transact = (transaction) => {
      if (transaction.operations.some(({ kind }) => kind === 'delete')) this.handsOver = true;
      return transact(transaction);
    };
    this.engine = new EtcdEngine(this.#world(), this, this.client, { cluster: set.cluster, name, ttl: TTL });
    this.engine.start();
  }

  get held(): boolean {
    return now() < this.until;
  }

  role(role: Role, reason: string): void {
    this.story.push(`${Math.round(now())} ${this.name} ${role}: ${reason}`);
  }

  alarm(name: string, text: string | undefined): void {
    if (text === undefined) this.alarms.delete(name);
    else this.alarms.set(name, text);
    this.story.push(`${Math.round(now())} ${this.name} ${name}: ${text ?? 'over'}`);
  }

  /** kill -9 of the process, or with `power` of the machine. */
  die(power: boolean): void {
    this.alive = false;
    this.client.close();
    if (power) this.until = 0;
  }

  async end(): Promise<void> {
    if (this.alive) await this.engine.stop({ handOver: true });
    this.die(true);
  }

  #world(): HaWorld {
    const guarded = (then: () => void) => () => {
      if (this.alive) then();
    };
    return {
      now,
      after(milliseconds, then) {
        const timer = setTimeout(guarded(then), milliseconds);
        return () => clearTimeout(timer);
      },
      random: Math.random,
      vips: {
        hold: (seconds) => {
          if (!this.alive) return;
          this.set.watch(this);
          this.until = now() + seconds * 1000;
          // One that hands over gives up its key after this; one that leads has them for longer.
          if (seconds > 1) this.handsOver = false;
        },
        release: () => {
          if (this.alive) this.until = 0;
        },
        held: () => this.held,
        announce: async () => {},
        rivals: async () => [],
      },
      readState: () => undefined,
      writeState: () => {},
    };
  }
}

/** Directors that share VIPs. */
export class DirectorSet {
  readonly directors: RealDirector[] = [];
  /** Moments at which two of them had the VIPs. */
  readonly overlaps: string[] = [];

  constructor(
    readonly cluster: string,
    readonly endpoints: readonly string[],
  ) {}

  start(name: string): RealDirector {
    const director = new RealDirector(this, name, this.endpoints);
    this.directors.push(director);
    return director;
  }

  /** One puts the VIPs on; another one may only have them for its last second. */
  watch(director: RealDirector): void {
    for (const other of this.directors) {
      if (other === director || other.handsOver) continue;
      if (now() < other.until + KERNEL_LATE && other.until > 0) {
        this.overlaps.push(`${director.name} and ${other.name}`);
      }
    }
  }

  get story(): string {
    return this.directors
      .flatMap(({ story }) => story)
      .sort()
      .join('\n');
  }

  get holder(): RealDirector | undefined {
    return this.directors.find(({ held }) => held);
  }

  /** @returns milliseconds until a director other than `not` has the VIPs. */
  async served(not?: RealDirector | undefined): Promise<number> {
    const began = now();
    while (this.holder === undefined || this.holder === not) {
      if (now() - began > 60_000)
        throw new Error(`${this.cluster}: nobody has the VIPs since ${Math.round(began)}\n${this.story}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return now() - began;
  }

  /** @returns milliseconds without VIPs, in some time. */
  async unserved(milliseconds: number): Promise<number> {
    const end = now() + milliseconds;
    let without = 0;
    while (now() < end) {
      const began = now();
      const { holder } = this;
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (!holder) without += now() - began;
    }
    return without;
  }

  async end(): Promise<void> {
    await Promise.all(this.directors.map((director) => director.end()));
  }
}

export function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1]!;
}
