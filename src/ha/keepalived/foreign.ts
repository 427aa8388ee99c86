/**
 * A keepalived that somebody else runs, with VIPs of its own: this process only hears who leads. What
 * the FIFO has lost, because nobody read it or it was full, the VIPs themselves tell.
 */
import type { KeepalivedSettings } from '../../model/ha';
import { Alarms } from '../alarms';
import type { HaEngine, HaListener, HaOutcome, HaStatus, NewEngine, Role } from '../types';
import { Watching } from '../watching';
import type { HaWorld } from '../world';
import type { KeepalivedHost } from './host';
import { VrrpLines, type VrrpState } from './lines';

const LOOK = 1000;
/** How often in a row the VIPs have to say something else than the FIFO said. */
const CONTRADICTIONS = 3;

const roles: Readonly<Record<VrrpState, Role>> = {
  master: 'leader',
  backup: 'standby',
  fault: 'unfit',
  stopped: 'unfit',
};

export interface ForeignOptions {
  readonly settings: KeepalivedSettings;
  readonly name: string;
  readonly fifo: string;
  /** Undefined: it has only one. */
  readonly instance: string | undefined;
}

export function foreignKeepalived(
  options: ForeignOptions,
  host: Pick<KeepalivedHost, 'listen' | 'silent'>,
): NewEngine {
  return (world, listener) => new ForeignKeepalived(options, host, world, listener);
}

class ForeignKeepalived implements HaEngine {
  #role: Role | undefined;
  #since: number;
  #contradictions = 0;
  #endLook = () => {};
  #endListening = () => {};
  readonly #lines: VrrpLines;
  readonly #alarms: Alarms;
  readonly #watching: Watching;

  constructor(
    readonly options: ForeignOptions,
    readonly host: Pick<KeepalivedHost, 'listen' | 'silent'>,
    readonly world: HaWorld,
    readonly listener: HaListener,
  ) {
    this.#since = world.now();
    this.#lines = new VrrpLines(options.instance);
    this.#alarms = new Alarms(listener);
    this.#watching = new Watching({
      world,
      silent: () => host.silent(options.settings.peers ?? []),
      duplicate: (text) => this.#alarms.set('duplicate', text),
      unseen: (text) => this.#alarms.set('peers', text),
    });
  }

  status(): HaStatus {
    const role = this.#role ?? 'unfit';
    return {
      engine: 'keepalived',
      name: this.options.name,
      role,
      since: this.#since,
      leader: role === 'leader' ? this.options.name : undefined,
      duplicate: this.#alarms.has('duplicate'),
      problems: this.#alarms.texts,
    };
  }

  start(): void {
    this.#change(this.#held() ? 'leader' : 'standby', 'the VIPs say so');
    this.#endListening = this.host.listen(
      this.options.fifo,
      (text) => this.#hear(text),
      (problem) => {
        this.#lines.reset();
        this.#alarms.set('fifo', problem);
      },
    );
    this.#look();
  }

  async resign(): Promise<HaOutcome> {
    return {
      ok: false,
      problem: 'the keepalived of this machine is not run by this daemon: let it hand over',
    };
  }

  setFitness(problem: string | undefined): void {
    this.#alarms.set('fitness', problem);
  }

  async stop(): Promise<void> {
    this.#endLook();
    this.#endListening();
    this.#watching.end();
  }

  #hear(text: string): void {
    const line = this.#lines.take(text).at(-1);
    if (!line) return;
    this.#contradictions = 0;
    this.#change(roles[line.state], 'keepalived says so');
  }

  #look(): void {
    this.#endLook = this.world.after(LOOK, () => this.#look());
    const held = this.#held();
    this.#contradictions = held === (this.#role === 'leader') ? 0 : this.#contradictions + 1;
    if (this.#contradictions < CONTRADICTIONS) return;
    this.#contradictions = 0;
    this.#change(held ? 'leader' : 'standby', 'the VIPs say so');
  }

  #held(): boolean {
    try {
      return this.world.vips.held();
    } catch {
      return this.#role === 'leader';
    }
  }

  #change(role: Role, reason: string): void {
    if (role === this.#role) return;
    this.#role = role;
    this.#since = this.world.now();
    if (role === 'leader') this.#watching.begin();
    else this.#watching.end();
    this.listener.role(role, reason);
  }
}
