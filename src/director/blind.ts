/**
 * Whether this director sees anything. When every check fails, the fault is as likely its own link:
 * before a server falls without a success of any check since its first failure, the gateway is asked,
 * and while it does not answer either, states stay as they are.
 */
import type { World } from './world';

/** From one ping of the gateway to the next. */
const PING_INTERVAL = 1000;

export interface SightEvents {
  blind(): void;
  /** It sees again: failures until now count no more. */
  sighted(): void;
}

export class Sight {
  /** When something has last been seen, in monotonic milliseconds. */
  #seen = Number.NEGATIVE_INFINITY;
  #blind = false;
  /** Whether a fall has been held back. */
  #held = false;
  #asking = false;
  #cancel: () => void = () => {};
  #stopped = false;
  gateway: string | undefined;

  constructor(
    readonly world: Pick<World, 'now' | 'after' | 'pingGateway'>,
    readonly events: SightEvents,
  ) {}

  get isBlind(): boolean {
    return this.#blind;
  }

  /** A check that went over the network has succeeded. */
  success(): void {
    this.#seen = this.world.now();
    this.#see();
  }

  /** A check has failed, one of several in a row. Asks the gateway early, in case it is needed. */
  failure(began: number): void {
    if (this.#seen < began) this.#ask();
  }

  /**
   * Whether a server may fall whose failures began at a moment. If not, the gateway is being asked.
   * Without a gateway that could be asked, it may.
   */
  allowsFall(began: number): boolean {
    if (this.gateway === undefined) return true;
    if (!this.#blind && this.#seen >= began) return true;
    this.#held = true;
    this.#ask();
    return false;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #ask(): void {
    if (this.#asking || this.gateway === undefined) return;
    this.#asking = true;
    const asked = this.world.now();
    this.world.pingGateway(this.gateway).then(
      (answered) => this.#answer(answered, asked),
      () => this.#answer(false, asked),
    );
  }

  #answer(answered: boolean, asked: number): void {
    this.#asking = false;
    if (this.#stopped) return;
    if (answered) {
      this.#seen = this.world.now();
      this.#see();
      return;
    }
    if (this.#seen >= asked || !this.#held) return;
    if (!this.#blind) {
      this.#blind = true;
      this.events.blind();
    }
    this.#cancel = this.world.after(PING_INTERVAL, () => {
      if (this.#blind) this.#ask();
    });
  }

  #see(): void {
    this.#held = false;
    if (!this.#blind) return;
    this.#blind = false;
    this.#cancel();
    this.events.sighted();
  }
}
