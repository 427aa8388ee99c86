/** The npm package as npm makes and installs it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../scripts/debian/command';
import { checkout } from '../lab/paths';

export interface Packed {
  tarball: string;
  /** Paths of what is in it. */
  files: string[];
}

/** `npm pack` of what `npm run build` made. */
export async function pack(directory: string): Promise<Packed> {
  if (!existsSync(join(checkout, 'dist/ipvsadm.cjs')))
    throw new Error("dist/ is missing: run 'npm run build'");
  // Without scripts: prepack would build again, under the feet of the tests beside this one.
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const [packed] = JSON.parse(await runCommand('npm', args, { cwd: checkout })) as [
    { filename: string; files: { path: string }[] },
  ];
  return {
    tarball: join(directory, packed.filename),
    files: packed.files.map(({ path }) => path).sort(),
  };
}

/** `npm install --global` into a prefix of its own. */
export async function installGlobally(tarball: string, prefix: string): Promise<void> {
  const quietly = ['--no-audit', '--no-fund', '--prefer-offline'];
  await runCommand('npm', ['install', '--global', '--prefix', prefix, ...quietly, tarball]);
}
