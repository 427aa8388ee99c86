/** The npm package as npm makes and installs it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { nativeProgramFor } from '../../scripts/native/build';
import { architectures } from '../../scripts/native/toolchain';
import { checkout } from '../lab/paths';

export interface Packed {
  tarball: string;
  /** In bytes. */
  size: number;
  /** Paths of what is in it. */
  files: string[];
}

/** `npm pack` of what `npm run build` and `npm run build:native -- --all` made. */
export async function pack(directory: string): Promise<Packed> {
  const built = [join(checkout, 'dist/ipvsadm.cjs'), ...architectures.map(nativeProgramFor)];
  for (const file of built) {
    if (!existsSync(file))
      throw new Error(`${file} is missing: run 'npm run build && npm run build:native -- --all'`);
  }
  // Without scripts: prepack would build again, under the feet of the tests beside this one.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const [packed] = JSON.parse(await runCommand('npm', args, { cwd: checkout })) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  return {
    tarball: join(directory, packed.filename),
    size: packed.size,
    files: packed.files.map(({ path }) => path).sort(),
  };
}

const quietly = ['--no-audit', '--no-fund', '--prefer-offline'];

/** `npm install --global` into a prefix of its own. */
export async function installGlobally(tarball: string, prefix: string, ...more: string[]): Promise<void> {
  await runCommand('npm', ['install', '--global', '--prefix', prefix, ...quietly, ...more, tarball]);
}
