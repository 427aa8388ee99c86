/** Simulated machines with a director each, their VIPs in their kernels, and one etcd. */
import { EtcdEngine } from '../../../src/ha/etcd/engine';
import type { HaListener, Role } from '../../../src/ha/types';
import type { HaWorld, VipHolder } from '../../../src/ha/world';
import { SimulatedClock, seededRandom } from '../../helpers/simulated-clock';
import { Connection, fair, SimulatedStore, type Weather } from './simulated-store';

/** How late the kernel takes an address off, in milliseconds. */
const KERNEL_LATE = 250;
/** How long the VIPs of a director that hands over are on at most, in milliseconds. */
const LAST_SECOND = 1000 + KERNEL_LATE;

/** The VIPs of a machine: its kernel takes them off, whatever its director does. */
class SimulatedVips implements VipHolder {
  /** They are on for sure until `until`, and off for sure from `gone` on. */
  until = 0;
  gone = 0;
  broken = false;

  constructor(
    readonly ground: Ground,
    readonly machine: string,
  ) {}

  hold(seconds: number): void {
    if (this.broken) throw new Error('no buffer space available');
    if (!Number.isInteger(seconds) || seconds < 1) throw new Error(`held for ${seconds} s`);
    const { now } = this.ground.clock;
    this.until = now + seconds * 1000;
    this.gone = this.until + KERNEL_LATE;
    this.ground.watch(this);
  }

  release(): void {
    if (this.broken) throw new Error('no buffer space available');
    this.off();
  }

  off(): void {
    this.until = Math.min(this.until, this.ground.clock.now);
    this.gone = Math.min(this.gone, this.ground.clock.now);
  }

  held(): boolean {
    return this.ground.clock.now < this.until;
  }

  async announce(): Promise<void> {}

  async rivals() {
    return [];
  }
}

export class Machine {
  readonly vips: SimulatedVips;
  state: string | undefined;
  process: Process | undefined;
  weather = fair;
  cut = false;
  stale: bigint | undefined;
  unfit: string | undefined;

  constructor(
    readonly ground: Ground,
    readonly name: string,
  ) {
    this.vips = new SimulatedVips(ground, name);
  }

  start(): Process {
    this.process?.kill();
    this.process = new Process(this);
    this.apply();
    this.process.engine.start();
    return this.process;
  }

  /** The network and fitness of this machine reach its process. */
  apply(): void {
    const { process, weather, cut, stale, unfit } = this;
    if (!process) return;
    Object.assign(process.connection, { weather, cut, stale });
    process.engine.setFitness(unfit);
  }

  /** Power is cut: with the machine go its VIPs and its state. */
  die(): void {
    this.process?.kill();
    this.process = undefined;
    this.state = undefined;
    this.vips.off();
  }
}

export class Process implements HaListener {
  readonly connection: Connection;
  readonly engine: EtcdEngine;
  readonly alarms = new Map<string, string>();
  readonly roles: string[] = [];
  #alive = true;
  #frozen = false;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly machine: Machine) {
    const { ground, name } = machine;
    this.connection = new Connection(ground.store, (work) => this.#deliver(work));
    this.engine = new EtcdEngine(this.#world(), this, this.connection, { cluster: 'web', name, ttl: 3000 });
  }

  role(role: Role, reason: string): void {
    this.roles.push(`${role}: ${reason}`);
  }

  alarm(name: string, text: string | undefined): void {
    if (text === undefined) this.alarms.delete(name);
    else this.alarms.set(name, text);
  }

  /** kill -9. */
  kill(): void {
    this.#alive = false;
  }

  freeze(): void {
    this.#frozen = true;
  }

  /** SIGCONT: everything that came in the meantime is worked off, one after the other. */
  thaw(): void {
    this.#frozen = false;
    for (const work of this.#waiting.splice(0)) this.#deliver(work);
  }

  #deliver(work: () => void): void {
    if (!this.#alive) return;
    if (this.#frozen) this.#waiting.push(work);
    else work();
  }

  #world(): HaWorld {
    const { machine } = this;
    const { clock, random } = machine.ground;
    return {
      now: () => clock.now,
      after: (milliseconds, then) => clock.after(milliseconds, () => this.#deliver(then)),
      random,
      vips: machine.vips,
      readState: () => machine.state,
      writeState: (text) => {
        machine.state = text;
      },
    };
  }
}

export class Ground {
  readonly clock = new SimulatedClock();
  readonly random: () => number;
  readonly store: SimulatedStore;
  readonly machines: readonly Machine[];
  /** Moments at which two machines had the VIPs. */
  readonly overlaps: string[] = [];

  constructor(count: number, seed: number) {
    this.random = seededRandom(seed);
    this.store = new SimulatedStore(this.clock, this.random);
    this.machines = Array.from({ length: count }, (_, index) => new Machine(this, `lb${index + 1}`));
  }

  /** VIPs were put on: nobody else may have them, but for one who hands over and serves on for a moment. */
  watch(vips: SimulatedVips): void {
    const { now } = this.clock;
    for (const { vips: others, name } of this.machines) {
      if (others === vips || others.gone <= now) continue;
      const left = others.gone - now;
      const handedOver = this.store.handedOver.get(name) ?? Number.NEGATIVE_INFINITY;
      if (now - handedOver <= LAST_SECOND && left <= LAST_SECOND) continue;
      this.overlaps.push(`${vips.machine} and ${name} at ${now}, for ${left} ms`);
    }
  }

  get holders(): readonly string[] {
    return this.machines.filter(({ vips }) => vips.held()).map(({ name }) => name);
  }

  get leader(): Machine {
    const [name] = this.holders;
    return this.machines.find((machine) => machine.name === name)!;
  }

  weather(weather: Weather): void {
    for (const machine of this.machines) {
      machine.weather = weather;
      machine.apply();
    }
  }

  /** @returns milliseconds until exactly one machine has the VIPs, at most `most`. */
  async untilServed(most: number): Promise<number> {
    const begin = this.clock.now;
    while (this.holders.length !== 1 && this.clock.now - begin < most) await this.clock.run(10);
    return this.clock.now - begin;
  }
}
