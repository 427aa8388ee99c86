/** Gets the programs that ours are compared with. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nativeProgram } from '../scripts/native/build';
import { findToolchain } from '../scripts/native/toolchain';
import { debianProgram } from '../test/lab/debian-programs';
import { installPackage } from './npm';
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
export async function findPeers(workloads: readonly Workload[], before: string | undefined): Promise<Peers> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ipvsadm-bench-'));
  const needsPackage = !before && workloads.some(({ programs }) => programs.includes('npm'));
  const installed = needsPackage ? await installPackage() : undefined;
  const env = {
    IPVSADM_NATIVE: nativeProgram,
    IPVSADM_BEFORE: resolve(before ?? '.'),
    IPVSADM_NODE_BEFORE: nodeProgramOf(resolve(before ?? '.')),
    ...installed?.variables,
    ...(before ? {} : await others(folder)),
  };
  return {
    env,
    directories: [folder, ...(before ? [realpathSync(before)] : [])],
    close: () => {
      installed?.remove();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The launcher of Node alone in a checkout: bin/ipvsadm until 0.2.0. */
function nodeProgramOf(checkout: string): string {
  const launchers = ['bin/ipvsadm-node', 'bin/ipvsadm'].map((name) => join(checkout, name));
  return launchers.find((file) => existsSync(file)) ?? launchers[0]!;
}

async function others(folder: string): Promise<Record<string, string>> {
  const floor = join(folder, 'floor');
  const { compile } = await findToolchain();
  await compile(['-O2', '-Wall', '-Wextra', '-Werror', '-o', floor, join(__dirname, 'floor/floor.c')]);
  return { FLOOR: floor, KEEPALIVED: await debianProgram('keepalived'), PYROUTE2: await pyroute2Command() };
}

/** The workload without the programs that this machine does not have. */
export function available(workload: Workload, env: Peers['env']): Workload {
  const programs = workload.programs.filter((name) =>
    (programOf(name).needs ?? []).every((variable) => env[variable] !== undefined),
  );
  return { ...workload, programs };
}
