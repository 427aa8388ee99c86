/** The npm package, installed for the benchmark: with its install script, and without. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installGlobally, pack } from '../test/packaging/npm-package';
import { throwAwayDirectory } from '../test/packaging/places';

export interface Installed {
  /** The directories of the two `ipvsadm`, as variables of the guest. */
  variables: { IPVSADM_NPM: string; IPVSADM_NPM_LAUNCHER: string };
  remove(): void;
}

export async function installPackage(): Promise<Installed> {
  const directory = throwAwayDirectory('bench');
  const [linked, launcher] = ['linked', 'launcher'].map((name) => join(directory, name)) as [string, string];
  const { tarball } = await pack(directory);
  await installGlobally(tarball, linked);
  await installGlobally(tarball, launcher, '--ignore-scripts');
  return {
    variables: { IPVSADM_NPM: join(linked, 'bin'), IPVSADM_NPM_LAUNCHER: join(launcher, 'bin') },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
