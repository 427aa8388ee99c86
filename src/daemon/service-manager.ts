/**
 * Tells systemd of the daemon's life (sd_notify(3)). Node has no datagrams of AF_UNIX, so that
 * systemd-notify(1) sends them: the unit needs NotifyAccess=all.
 */
import { ShellHelper } from './shell-helper';

/** systemd-notify waits until systemd has heard it. */
const LIMIT = 5000;
/** A third of the time within which systemd wants to hear of us. */
const BEATS = 3;

export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

export class ServiceManager {
  readonly #wanted: boolean;
  /** Milliseconds between two signs of life; undefined: none are wanted. */
  readonly watchdog: number | undefined;
  /** Starts the program. */
  #helper: ShellHelper | undefined;
  #told: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(
    environment: ServiceEnvironment = process.env,
    readonly program = 'systemd-notify',
  ) {
    this.#wanted = (environment.NOTIFY_SOCKET ?? '') !== '';
    const { WATCHDOG_USEC: limit, WATCHDOG_PID: pid } = environment;
    const ours = pid === undefined || pid === String(process.pid);
    const microseconds = Number(limit);
    this.watchdog = this.#wanted && ours && microseconds > 0 ? microseconds / 1000 / BEATS : undefined;
    if (this.#wanted) this.#helper = this.#start();
  }

  /** @param state such as `READY=1`; never blocks, never fails. */
  say(...state: readonly string[]): void {
    if (!this.#wanted) return;
    this.#waiting += 1;
    this.#told = this.#told
      .then(() => this.#tell(state))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** A sign of life, unless earlier words still wait. */
  beat(): void {
    if (this.#waiting === 0) this.say('WATCHDOG=1');
  }

  /** Never rejects. */
  async #tell(state: readonly string[]): Promise<void> {
    if (!this.#helper?.isAlive) this.#helper = this.#start();
    await this.#helper.ask(state.join(' '), LIMIT);
  }

  #start(): ShellHelper {
    return new ShellHelper('"$1" $line >/dev/null 2>&1; echo', [this.program]);
  }
}
