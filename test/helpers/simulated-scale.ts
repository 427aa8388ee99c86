/**
 * Many services on a simulated machine for a long time, with servers that fail, flap and come back:
 * what is kept must not grow.
 */
import {
  check,
  configurationOf,
  directorServer,
  directorService,
  type SimulatedDaemon,
  SimulatedMachine,
} from './simulated-director';

export interface Scale {
  readonly services: number;
  /** The real servers of each service. */
  readonly servers: number;
  /** The addresses of real servers: each is checked once, however many services have it. */
  readonly hosts: number;
}

/** How much is kept. */
export interface Kept {
  readonly events: number;
  readonly alarms: number;
  /** The most results of a server. */
  readonly results: number;
  readonly timers: number;
  /** Characters of the state files. */
  readonly files: number;
}

const INTERVAL = 2000;
const MINUTE = 60_000;
/** From one change of the real servers to the next. */
const STEP = 10_000;

export const hostAddress = (host: number) => `10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`;

export class SimulatedScale {
  readonly machine = new SimulatedMachine();
  readonly daemon: SimulatedDaemon;
  #steps = 0;

  constructor(readonly scale: Scale) {
    const services = Array.from({ length: scale.services }, (_, number) => {
      const servers = Array.from({ length: scale.servers }, (_, index) => {
        const at = hostAddress((number * scale.servers + index) % scale.hosts);
        return directorServer(at, { checks: [check({ interval: INTERVAL })] });
      });
      return directorService(`s${number}`, servers, {
        address: `192.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
      });
    });
    this.daemon = this.machine.start(configurationOf(services), {
      identity: (_, { server }) => server.name,
    });
  }

  /** Lets time pass. @param changing whether a server fails every ten seconds, and the one before comes back. */
  async run(minutes: number, changing: boolean): Promise<void> {
    const { machine } = this;
    for (let time = 0; time < minutes * MINUTE; time += STEP) {
      if (changing) this.#change();
      await machine.clock.run(STEP);
      machine.kernel.requests.length = 0;
      machine.notified.length = 0;
    }
  }

  get kept(): Kept {
    const { director } = this.daemon;
    return {
      events: director.events(0).length,
      alarms: director.status().alarms.length,
      results: Math.max(...director.health().map(({ results }) => results.length)),
      timers: this.machine.clock.pending,
      files: [...this.machine.files.values()].reduce((sum, text) => sum + text.length, 0),
    };
  }

  /** Servers refuse or do not answer in turn, for twenty seconds each. */
  #change(): void {
    const { machine, scale } = this;
    const host = (step: number) => hostAddress((step * 7) % scale.hosts);
    this.#steps += 1;
    machine.behaviours.delete(host(this.#steps - 2));
    machine.behaviours.set(host(this.#steps), this.#steps % 2 === 0 ? 'refused' : 'hole');
  }
}
