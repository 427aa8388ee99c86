/** KeepalivedHost on a real machine. */
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { HELPER_NAME } from '../../checks/helper';
import { startProgram } from '../../checks/program';
import type { KeepalivedHost } from '../../ha/keepalived/host';
import { readAnswers, withoutNativeProgram } from '../../ha/vips';
import type { HostClient } from '../../host/client';
import { AF_INET, AF_INET6, formatAddress, parseAddress } from '../../model/address';
import { listenToFifo } from './fifo';
import { findHelper, runPackets } from './packets';
import { runToText } from './run-to-text';

/** How long the guard waits for a sign of life, in milliseconds. */
export const GUARD = 2500;
/** The guard opens its FIFO at once. */
const GUARD_STARTS = 2000;
const ASK = 400;
const signs = { alive: '.', wait: 'w', quit: 'q' } as const;

export interface KeepalivedHostOptions {
  readonly host: HostClient;
  readonly interface: string;
  readonly vips: readonly string[];
  /** Of the files; ends with the machine (/run). */
  readonly directory: string;
  /** Where keepalived is looked for. */
  readonly programs?: readonly string[];
  readonly helpers?: readonly string[];
}

export class RealKeepalivedHost implements KeepalivedHost {
  readonly paths: KeepalivedHost['paths'];
  #added: number | undefined;

  constructor(readonly options: KeepalivedHostOptions) {
    const { directory } = options;
    this.paths = { fifo: `${directory}/notify`, priority: `${directory}/priority` };
  }

  async prepare(): Promise<void> {
    const { directory } = this.options;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const about = lstatSync(directory);
    if (!about.isDirectory() || about.uid !== process.geteuid!()) {
      throw new Error(`${directory}: it is no directory of this user`);
    }
    for (const path of [this.paths.fifo, this.#beats]) {
      if (existsSync(path)) continue;
      const { status, text } = await runToText('mkfifo', ['-m', '600', path]);
      if (status !== 0) throw new Error(`${path}: it cannot be made: ${text}`);
    }
  }

  source(family?: 'ipv4' | 'ipv6'): string | undefined {
    const { host, interface: name } = this.options;
    const vips = new Set(this.options.vips.map((vip) => formatAddress(parseAddress(vip)!)));
    const link = host.links().find((each) => each.name === name)?.index;
    const usable = host
      .addresses()
      .filter((each) => each.link === link && !each.tentative && !each.duplicate);
    const wanted = family === undefined ? [AF_INET, AF_INET6] : [family === 'ipv4' ? AF_INET : AF_INET6];
    return wanted
      .flatMap((each) => usable.filter((address) => address.family === each))
      .map(({ address }) => formatAddress(address))
      .find((text) => !vips.has(text));
  }

  async launch(configuration: string): Promise<string | undefined> {
    const { directory, programs = ['/usr/sbin/keepalived', '/usr/local/sbin/keepalived'] } = this.options;
    const program = programs.find((path) => existsSync(path));
    if (program === undefined) return `keepalived is not installed (${programs.join(', ')})`;
    const helper = findHelper(this.options.helpers);
    if (helper === undefined) return withoutNativeProgram('guards keepalived');
    const file = `${directory}/keepalived.conf`;
    try {
      replace(file, configuration);
      const { status, text } = await runToText(program, ['-t', '-f', file]);
      if (status !== 0) return `keepalived refuses its configuration: ${text}`;
      // --vrrp: no checkers, which would clear the table of IPVS. --dont-respawn: its end is ours to see.
      const words = [
        '-P',
        '-n',
        '-R',
        '-f',
        file,
        '-p',
        `${directory}/keepalived.pid`,
        '-r',
        `${directory}/vrrp.pid`,
      ];
      const guard = await startProgram(helper, ['guard', this.#beats, `${GUARD}`, program, ...words], {
        argv0: HELPER_NAME,
        cwd: '/',
        // Goes on for some seconds when this process ends.
        detached: true,
        stdio: 'ignore',
      });
      guard.unref();
      for (let waited = 0; waited < GUARD_STARTS; waited += 10) {
        if (this.tell('alive')) return undefined;
        if (guard.exitCode !== null || guard.signalCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return `keepalived did not start: status ${guard.exitCode ?? guard.signalCode ?? 'unknown'}`;
    } catch (error) {
      return (error as Error).message;
    }
  }

  tell(what: keyof typeof signs): boolean {
    let file: number;
    try {
      // Fails unless the guard reads.
      file = openSync(this.#beats, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch {
      return false;
    }
    try {
      writeSync(file, signs[what]);
      return true;
    } catch (error) {
      // Full: it does not read just now.
      return (error as NodeJS.ErrnoException).code === 'EAGAIN';
    } finally {
      closeSync(file);
    }
  }

  addToPriority(value: number): boolean {
    this.#added ??= this.#readAdded();
    if (this.#added === value) return false;
    replace(this.paths.priority, `${value}\n`);
    this.#added = value;
    return true;
  }

  listen(...[path, heard, problem]: Parameters<KeepalivedHost['listen']>) {
    return listenToFifo(path, heard, problem);
  }

  async silent(addresses: readonly string[]): Promise<readonly string[]> {
    const near = addresses.filter((address) => this.#isNear(address));
    if (near.length === 0) return [];
    const run = await runPackets(['ask', this.options.interface, `${ASK}`, ...near], this.options.helpers);
    if (run?.status !== 0) return [];
    const answered = new Set(readAnswers(run.stdout).map(({ vip }) => vip));
    return near.filter((address) => !answered.has(formatAddress(parseAddress(address)!)));
  }

  get #beats(): string {
    return `${this.options.directory}/beats`;
  }

  #readAdded(): number | undefined {
    try {
      const text = readFileSync(this.paths.priority, 'latin1').trim();
      return /^-?\d{1,3}$/.test(text) ? Number(text) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether an address is reached without a router. */
  #isNear(address: string): boolean {
    try {
      const { gateway, local } = this.options.host.routeTo(parseAddress(address)!);
      return gateway === undefined && !local;
    } catch {
      return true; // not even a route: then it does not answer
    }
  }
}

function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
