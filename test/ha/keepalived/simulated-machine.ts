/** A machine with VIPs that end by themselves, a guard, and a keepalived that does as it is told. */
import type { KeepalivedHost } from '../../../src/ha/keepalived/host';
import type { HaListener } from '../../../src/ha/types';
import type { HaWorld } from '../../../src/ha/world';
import { SimulatedClock } from '../../helpers/simulated-clock';

const GUARD = 2500;
const PATIENCE = 4 * GUARD;

export class SimulatedMachine {
  readonly clock = new SimulatedClock();
  /** What was told to the daemon, and what was done, in order. */
  readonly told: string[] = [];
  readonly launched: string[] = [];
  readonly alarms = new Map<string, string>();
  added: number | undefined;
  /** What keepalived has last said that it is; undefined: none runs. */
  keepalived: 'MASTER' | 'BACKUP' | 'FAULT' | undefined;
  /** It runs, but does not move. */
  frozen = false;
  refusal: string | undefined;
  vipProblem: Error | undefined;
  /** Simulated time that a call of hold takes before it does anything. */
  slowHold = 0;
  rivals: { vip: string; mac: string }[] = [];
  silent: string[] = [];
  state: string | undefined;
  announced = 0;
  #endOfVips = 0;
  #guardUntil = 0;
  #fifo: ((text: string) => void) | undefined;
  /** What nobody has read yet. */
  #unread = '';

  readonly host: KeepalivedHost = {
    paths: { fifo: '/run/k/notify', priority: '/run/k/priority' },
    prepare: async () => {},
    source: (family) => (family === 'ipv6' ? '2001:db8::1' : '192.0.2.1'),
    launch: async (configuration) => {
      if (this.refusal !== undefined) return this.refusal;
      this.launched.push(configuration);
      this.#guardUntil = this.clock.now + GUARD;
      this.keepalived = 'BACKUP';
      this.frozen = false;
      this.clock.after(50, () => this.#answer(''));
      return undefined;
    },
    tell: (what) => {
      if (!this.guarded) return false;
      if (what === 'quit') this.endKeepalived();
      else this.#guardUntil = this.clock.now + (what === 'wait' ? PATIENCE : GUARD);
      return true;
    },
    addToPriority: (value) => {
      if (this.added === value) return false;
      this.added = value;
      this.clock.after(20, () => this.#answer('_PRIORITY'));
      return true;
    },
    listen: (_path, heard) => {
      this.#fifo = heard;
      this.clock.after(1, () => this.#flush());
      return () => {
        this.#fifo = undefined;
      };
    },
    silent: async () => this.silent,
  };

  readonly world: HaWorld = {
    now: () => this.clock.now,
    after: (milliseconds, then) => this.clock.after(milliseconds, then),
    random: () => 0.5,
    vips: {
      hold: (seconds) => {
        this.clock.stall(this.slowHold);
        if (this.vipProblem) throw this.vipProblem;
        this.#endOfVips = this.clock.now + seconds * 1000;
      },
      release: () => {
        this.#endOfVips = 0;
      },
      held: () => this.held,
      announce: async () => {
        this.announced += 1;
      },
      rivals: async () => this.rivals,
    },
    readState: () => this.state,
    writeState: (text) => {
      this.state = text;
    },
  };

  readonly listener: HaListener = {
    role: (role) => {
      this.told.push(role);
      if ((role === 'leader') !== this.held)
        this.told.push(`but the VIPs are ${this.held ? '' : 'not '}here`);
    },
    alarm: (name, text) => {
      if (text === undefined) this.alarms.delete(name);
      else this.alarms.set(name, text);
    },
  };

  get held(): boolean {
    return this.clock.now < this.#endOfVips;
  }

  /** Whether the guard, and so keepalived, lives. */
  get guarded(): boolean {
    if (this.clock.now >= this.#guardUntil) this.endKeepalived();
    return this.keepalived !== undefined;
  }

  /** keepalived becomes something, and says it. */
  become(state: 'MASTER' | 'BACKUP' | 'FAULT'): void {
    if (!this.guarded || this.frozen) return;
    this.keepalived = state;
    this.say(state);
  }

  endKeepalived(): void {
    if (this.keepalived === undefined) return;
    this.keepalived = undefined;
    this.#guardUntil = 0;
    if (!this.frozen) this.say('STOP');
  }

  /** It says what it is when it speaks, not when it was asked. */
  #answer(suffix: string): void {
    if (!this.guarded || this.frozen || (suffix !== '' && this.keepalived === 'FAULT')) return;
    this.say(`${this.keepalived}${suffix}`);
  }

  say(word: string): void {
    this.write(`INSTANCE "director" ${word} 100\n`);
  }

  write(text: string): void {
    this.#unread += text;
    this.#flush();
  }

  /** The process stands still: what comes is not read. */
  async freeze(milliseconds: number, meanwhile = () => {}): Promise<void> {
    const fifo = this.#fifo;
    this.#fifo = undefined;
    meanwhile();
    this.clock.stall(milliseconds);
    void this.guarded;
    this.#fifo = fifo;
    this.#flush();
  }

  #flush(): void {
    const fifo = this.#fifo;
    if (!fifo || this.#unread === '') return;
    const text = this.#unread;
    this.#unread = '';
    fifo(text);
  }
}
