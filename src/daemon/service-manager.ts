/**
 * Tells systemd of the daemon's life (sd_notify(3)). Node has no datagrams of AF_UNIX: a helper of the
 * native executable sends them, or else systemd-notify(1).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const HELPER_NAME = 'ipvsadm-packets';
const helpers = [`${__dirname}/native/ipvsadm`, '/usr/sbin/ipvsadm'];

export interface ServiceEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

export class ServiceManager {
  readonly #wanted: boolean;
  /** Milliseconds between two signs of life; undefined: none are wanted. */
  readonly watchdog: number | undefined;
  #helper: ChildProcess | undefined;
  #noHelper = false;
  #last: string | undefined;

  constructor(
    environment: ServiceEnvironment = process.env,
    readonly paths: readonly string[] = helpers,
  ) {
    this.#wanted = (environment.NOTIFY_SOCKET ?? '') !== '';
    const { WATCHDOG_USEC: limit, WATCHDOG_PID: pid } = environment;
    const ours = pid === undefined || pid === String(process.pid);
    const microseconds = Number(limit);
    this.watchdog = this.#wanted && ours && microseconds > 0 ? microseconds / 3000 : undefined;
  }

  /** @param state such as `READY=1`; never blocks, never fails. */
  say(state: string): void {
    if (!this.#wanted) return;
    const helper = this.#helperRunning();
    this.#last = state;
    if (helper) helper.stdin!.write(`${state}\n`);
    else run('systemd-notify', [state]);
  }

  close(): void {
    this.#helper?.stdin?.end();
  }

  #helperRunning(): ChildProcess | undefined {
    const path = this.paths.find((each) => existsSync(each));
    if (this.#noHelper || path === undefined) return undefined;
    if (this.#helper) return this.#helper;
    const stdio = ['pipe', 'ignore', 'ignore'] as const;
    const helper = spawn(path, ['notify'], { argv0: HELPER_NAME, stdio: [...stdio] });
    helper.on('error', () => this.#lose());
    helper.stdin!.on('error', () => {});
    // An older executable does not know the word: what was said to it is lost, so that it is said again.
    helper.on('exit', (status) => {
      this.#lose();
      if (status !== 0 && this.#last !== undefined) run('systemd-notify', [this.#last]);
    });
    this.#helper = helper;
    return helper;
  }

  #lose(): void {
    this.#helper = undefined;
    this.#noHelper = true;
  }
}

function run(name: string, args: readonly string[]): void {
  const child = spawn(name, args, { stdio: 'ignore' });
  child.on('error', () => {});
}
