/** The VIPs on an interface of this machine, lent by the kernel for some seconds at a time. */
import { errno } from '../errors/errno';
import type { HostClient } from '../host/client';
import { formatAddress, parseAddress } from '../model/address';
import { NetlinkError } from '../netlink/errors';
import type { ProgramRun } from '../platform/interactive-system';
import type { Vip } from '../setup/director';
import { reasonOf } from '../setup/reason';
import type { VipHolder } from './world';

/** How long others have to answer, in milliseconds. */
const ASK = 400;

export interface LentVipsOptions {
  readonly host: HostClient;
  /** The name of the interface. */
  readonly interface: string;
  readonly vips: readonly Vip[];
  /** Runs the helper (src/engines/quickjs/packets.c); undefined if it is not there. Never rejects. */
  packets(args: readonly string[]): Promise<ProgramRun | undefined>;
  /** Why the helper could not do its work, each time; undefined: it could. */
  helped(problem: string | undefined): void;
}

interface VipBytes {
  readonly bytes: Uint8Array;
  readonly prefix: number;
}

/** @param work what the native executable would do, such as `announces VIPs`. */
export function withoutNativeProgram(work: string): string {
  return `the native executable is not there, which ${work}: install the package for this processor, or run \`npm run build:native\``;
}

export class LentVips implements VipHolder {
  readonly #vips: readonly VipBytes[];
  readonly #texts: readonly string[];
  /** The number of the interface: one that was made again has another. */
  #link: number | undefined;

  constructor(readonly options: LentVipsOptions) {
    this.#vips = options.vips.map(({ address, prefix }) => ({ bytes: parseAddress(address)!, prefix }));
    this.#texts = this.#vips.map(({ bytes }) => formatAddress(bytes));
  }

  hold(seconds: number): void {
    const { host } = this.options;
    this.#each((link, { bytes, prefix }) => host.lendAddress(link, bytes, prefix, seconds));
  }

  release(): void {
    const { host } = this.options;
    try {
      this.#each((link, { bytes, prefix }) => {
        try {
          host.deleteAddress(link, bytes, prefix);
        } catch (error) {
          if (!isErrno(error, errno.EADDRNOTAVAIL)) throw error;
        }
      });
    } catch (error) {
      // Without the interface there are no addresses.
      if (!isErrno(error, errno.ENODEV)) throw error;
    }
  }

  held(): boolean {
    const link = this.#find();
    if (link === undefined) return false;
    const there = new Set(
      this.options.host
        .addresses()
        .filter((each) => each.link === link && !each.duplicate)
        .map(({ address }) => formatAddress(address)),
    );
    return this.#texts.every((text) => there.has(text));
  }

  async announce(): Promise<void> {
    await this.#ask(['announce', this.options.interface, ...this.#texts]);
  }

  async rivals() {
    const lines = await this.#ask(['ask', this.options.interface, `${ASK}`, ...this.#texts]);
    return readAnswers(lines);
  }

  /** @returns what the helper prints. */
  async #ask(args: readonly string[]): Promise<string> {
    const { packets, helped } = this.options;
    if (this.#texts.length === 0) return '';
    const run = await packets(args);
    if (!run) helped(withoutNativeProgram('announces VIPs'));
    else
      helped(run.status === 0 ? undefined : run.stderr.trim().split('\n')[0] || `exit status ${run.status}`);
    return run?.stdout ?? '';
  }

  /** Does something with each VIP, also after one has failed. @throws the first failure. */
  #each(work: (link: number, vip: VipBytes) => void): void {
    const link = this.#link ?? this.#find();
    if (link === undefined) throw new NetlinkError(errno.ENODEV);
    this.#link = link;
    const failures: unknown[] = [];
    for (const vip of this.#vips) {
      try {
        work(link, vip);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 0) return;
    this.#link = undefined;
    throw failures[0];
  }

  #find(): number | undefined {
    return this.options.host.links().find(({ name }) => name === this.options.interface)?.index;
  }
}

/** The lines `ADDRESS MAC` of the helper; anything else is passed over. */
export function readAnswers(text: string): readonly { readonly vip: string; readonly mac: string }[] {
  return [...text.matchAll(/^([0-9a-f.:]{2,45}) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/gm)].map(
    ([, vip, mac]) => ({
      vip: vip!,
      mac: mac!,
    }),
  );
}

/** Why the VIPs cannot be put on or taken away. */
export function vipProblem(error: unknown): string {
  return `the VIPs: ${reasonOf(error)}`;
}

function isErrno(error: unknown, code: number): boolean {
  return error instanceof NetlinkError && error.errno === code;
}
