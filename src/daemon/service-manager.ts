/**
 * Tells systemd of the daemon's life (sd_notify(3)). Node has no datagrams of AF_UNIX, so that
 * systemd-notify(1) sends them: the unit needs NotifyAccess=all.
 */
import { spawn } from 'node:child_process';

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
  }

  /** @param state such as `READY=1`; never blocks, never fails. */
  say(...state: readonly string[]): void {
    if (!this.#wanted) return;
    this.#waiting += 1;
    this.#told = this.#told
      .then(() => told(this.program, state))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** A sign of life, unless earlier words still wait. */
  beat(): void {
    if (this.#waiting === 0) this.say('WATCHDOG=1');
  }
}

/** Resolves when it has been told, or cannot be. */
function told(program: string, state: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(program, state, { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    child.on('error', end).on('exit', end);
  });
}
