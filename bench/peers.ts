/** Gets the programs that ours are compared with. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { nativeProgram } from '../scripts/native/build';
import { findToolchain } from '../scripts/native/toolchain';
import { keepalivedProgram } from '../test/lab/keepalived';
import { programOf } from './programs';
import { pyroute2Command } from './pyroute2';
import type { Workload } from './workloads';

export interface Peers {
  /** The variables that the commands of the programs use. */
  readonly env: Readonly<Record<string, string>>;
  /** The directories that the guest has to see. */
  readonly directories: readonly string[];
  /** Deletes what was compiled. */
  close(): void;
}

/** @param before another checkout, for `--before`. */
export async function findPeers(before: string | undefined): Promise<Peers> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ipvsadm-bench-'));
  const npm = process.env.IPVSADM_NPM;
  const env = {
    IPVSADM_NATIVE: nativeProgram,
    IPVSADM_BEFORE: resolve(before ?? '.'),
    ...(npm ? { IPVSADM_NPM: resolve(npm) } : {}),
    ...(before ? {} : await others(folder)),
  };
  // npm's link, and the package that it leads to.
  const seen = [
    ...(before ? [before] : []),
    ...(npm ? [dirname(npm), dirname(dirname(realpathSync(npm)))] : []),
  ];
  return {
    env,
    directories: [folder, ...seen.map((directory) => realpathSync(directory))],
    close: () => rmSync(folder, { recursive: true }),
  };
}

async function others(folder: string): Promise<Record<string, string>> {
  const floor = join(folder, 'floor');
  const { compile } = await findToolchain();
  await compile(['-O2', '-Wall', '-Wextra', '-Werror', '-o', floor, join(__dirname, 'floor/floor.c')]);
  return { FLOOR: floor, KEEPALIVED: await keepalivedProgram(), PYROUTE2: await pyroute2Command() };
}

/** The workload without the programs that this machine does not have. */
export function available(workload: Workload, env: Peers['env']): Workload {
  const programs = workload.programs.filter((name) =>
    (programOf(name).needs ?? []).every((variable) => env[variable] !== undefined),
  );
  return { ...workload, programs };
}
