/** HaWorld on a real machine. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { LentVips } from '../../ha/vips';
import type { HaWorld, VipHolder } from '../../ha/world';
import type { HostClient } from '../../host/client';
import type { Vip } from '../../setup/director';
import { runPackets } from './packets';

export interface HaWorldOptions {
  readonly host: HostClient;
  readonly interface: string;
  readonly vips: readonly Vip[];
  /** Ends with the machine (/run). */
  readonly stateFile: string;
  /** Why the neighbours cannot be told or asked; undefined: they can. */
  helped(problem: string | undefined): void;
  readonly helpers?: readonly string[];
}

export class NodeHaWorld implements HaWorld {
  readonly vips: VipHolder;

  constructor(readonly options: HaWorldOptions) {
    this.vips = new LentVips({ ...options, packets: (args) => runPackets(args, options.helpers) });
  }

  /** CLOCK_MONOTONIC, which is of the machine. */
  now(): number {
    return Number(process.hrtime.bigint() / 1000n) / 1000;
  }

  after(milliseconds: number, then: () => void): () => void {
    const timer = setTimeout(then, milliseconds);
    return () => clearTimeout(timer);
  }

  random(): number {
    return Math.random();
  }

  readState(): string | undefined {
    try {
      return readFileSync(this.options.stateFile, 'utf8');
    } catch {
      return undefined;
    }
  }

  writeState(text: string): void {
    const { stateFile } = this.options;
    writeFileSync(`${stateFile}.new`, text, { mode: 0o600 });
    renameSync(`${stateFile}.new`, stateFile);
  }
}
