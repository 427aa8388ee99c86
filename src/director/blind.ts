/**
 * Whether this director sees anything. When every check fails, the fault is as likely its own link:
 * before a server falls without a success of any check since its first failure, the gateway is asked,
 * and while it does not answer either, states stay as they are.
 */
import type { GatewayAnswer, World } from './world';

/** From one ping of the gateway to the next. */
const PING_INTERVAL = 1000;
/** From one look at the default route to the next, and the same while its gateway is not known. */
const LOOK_INTERVAL = 5000;
const LEARN_INTERVAL = 60_000;

export interface SightEvents {
  blind(): void;
  /** It sees again: failures until now count no more. */
  sighted(): void;
  /** Something to know about it. */
  note(text: string): void;
}

type SightWorld = Pick<World, 'now' | 'after' | 'pingGateway' | 'defaultGateway'>;

export class Sight {
  /** When something has last been seen, in monotonic milliseconds. */
  #seen = Number.NEGATIVE_INFINITY;
  #blind = false;
  /** Whether a fall has been held back. */
  #held = false;
  #asking = false;
  #cancel: () => void = () => {};
  #stopped = false;
  /** The gateway of the document. */
  #given: string | undefined;
  /** That of the default route, and when it was looked up. */
  #route: string | undefined;
  #looked = Number.NEGATIVE_INFINITY;
  /** When it was asked although it has never answered. */
  #tried = Number.NEGATIVE_INFINITY;
  /** One of a default route that has answered: many never do, and of those silence says nothing. */
  #known: string | undefined;
  /** Why it cannot be asked. */
  #cannot: string | undefined;
  #noted: string | undefined;

  /** @param known that of the default route, which has answered before. */
  constructor(
    readonly world: SightWorld,
    readonly events: SightEvents,
    known?: string | undefined,
  ) {
    this.#known = known;
  }

  get isBlind(): boolean {
    return this.#blind;
  }

  get known(): string | undefined {
    return this.#known;
  }

  /** Why blindness would not be noticed; undefined if it would. */
  get problem(): string | undefined {
    if (this.#cannot !== undefined) return this.#cannot;
    if (this.gateway !== undefined) return undefined;
    if (this.#route === undefined) return 'there is no default route, and the document has no gateway';
    return `the gateway ${this.#route} does not answer ping: the document can name another one`;
  }

  /**
   * What is asked. A default route that is gone is a reason to ask its gateway: the link may be down.
   */
  get gateway(): string | undefined {
    if (this.#given !== undefined) return this.#given;
    return this.#route === undefined || this.#route === this.#known ? this.#known : undefined;
  }

  /** Takes the gateway of another document. */
  use(given: string | undefined): void {
    this.#given = given;
    this.#cannot = undefined;
    this.tick();
    this.#giveUp();
  }

  /** Looks at the default route now and then, and gets to know its gateway. */
  tick(): void {
    const now = this.world.now();
    if (this.#given !== undefined || this.#stopped || now - this.#looked < LOOK_INTERVAL) return;
    this.#looked = now;
    const route = this.world.defaultGateway();
    if (route !== this.#route) this.#tried = Number.NEGATIVE_INFINITY;
    this.#route = route;
    this.#giveUp();
    if (route === undefined || (route === this.#known && this.#cannot === undefined)) return;
    if (now - this.#tried < LEARN_INTERVAL) return;
    this.#tried = now;
    this.#ask(route);
  }

  /** A check that went over the network has succeeded. */
  success(): void {
    this.#seen = this.world.now();
    this.#see();
  }

  /** A check has failed, one of several in a row. Asks the gateway early, in case it is needed. */
  failure(began: number): void {
    if (this.#seen < began) this.#ask(this.gateway);
  }

  /**
   * Whether a server may fall whose failures began at a moment. If not, the gateway is being asked.
   * Without a gateway that could be asked, it may.
   */
  allowsFall(began: number): boolean {
    if (this.gateway === undefined) return true;
    if (!this.#blind && this.#seen >= began) return true;
    if (this.#cannot !== undefined) return true;
    this.#held = true;
    this.#ask(this.gateway);
    return false;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #ask(gateway: string | undefined): void {
    if (this.#asking || gateway === undefined || this.#stopped) return;
    this.#asking = true;
    const asked = this.world.now();
    this.world.pingGateway(gateway).then(
      (answer) => this.#answer(gateway, answer, asked),
      (error) => this.#answer(gateway, { kind: 'cannot', reason: String(error) }, asked),
    );
  }

  #answer(gateway: string, answer: GatewayAnswer, asked: number): void {
    this.#asking = false;
    if (this.#stopped) return;
    this.#cannot = answer.kind === 'cannot' ? answer.reason : undefined;
    if (answer.kind === 'answered') {
      if (this.#given === undefined && gateway === this.#route) this.#known = gateway;
      this.#seen = this.world.now();
    }
    this.#note();
    // What cannot be asked is not held against the network.
    if (answer.kind !== 'silent') this.#see();
    else if (gateway === this.gateway && this.#seen < asked && this.#held) this.#blinded();
  }

  #blinded(): void {
    if (!this.#blind) {
      this.#blind = true;
      this.events.blind();
    }
    this.#cancel = this.world.after(PING_INTERVAL, () => {
      if (this.#blind) this.#ask(this.gateway);
    });
  }

  #see(): void {
    this.#held = false;
    if (!this.#blind) return;
    this.#blind = false;
    this.#cancel();
    this.events.sighted();
  }

  /** Without anybody to ask nobody would end the blindness. */
  #giveUp(): void {
    if (this.gateway === undefined) this.#see();
  }

  #note(): void {
    const { problem } = this;
    if (problem !== undefined && problem !== this.#noted) {
      this.events.note(`if everything failed at once, servers would be taken out: ${problem}`);
    }
    this.#noted = problem;
  }
}
