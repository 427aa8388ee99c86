/** Scripts that run several directors in namespaces of the guest, with traffic that is counted. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { nativeProgramFor } from '../../../scripts/native/build';
import { ownArchitecture } from '../../../scripts/native/toolchain';
import { connectLab } from '../../lab/client';
import { debianProgram } from '../../lab/debian-programs';
import { play } from '../setup/ground';

const root = join(__dirname, '../../..');
const programs = join(root, 'node_modules/.cache/ipvsadm-test/ha');

/** Bundles what runs in the guest. To be called before everything else. */
export async function buildPrograms(): Promise<void> {
  await build({
    entryPoints: ['director', 'holder'].map((name) => join(__dirname, `${name}.ts`)),
    outdir: programs,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['netlink'],
  });
}

/** @returns the lines of the output, standard error included. */
export async function playDirectors(
  script: string,
  lab: Parameters<typeof play>[1] = connectLab(),
): Promise<string[]> {
  const ground = `ha=${__dirname}
program=${programs}/director.js
holder=${programs}/holder.js
keepalived=${await debianProgram('keepalived')}
helper=${nativeProgramFor(ownArchitecture())}
. ${join(__dirname, 'ground.sh')}`;
  return await play(`${ground}\n${script}`, lab);
}

/** What the client has counted: count.js. */
export interface Counted {
  readonly requests: number;
  readonly lost: number;
  readonly gap: number;
  readonly outage: number;
  readonly servedAgain: number;
  readonly nowhere: number;
  readonly several: number;
  readonly oneAt: number;
  readonly at: readonly number[];
  readonly long: number;
}

export function countedIn(lines: readonly string[]): Counted[] {
  return lines.filter((line) => line.startsWith('{"requests"')).map((line) => JSON.parse(line) as Counted);
}
