/**
 * `npm run build:native [-- --all]`: builds dist/native/ARCHITECTURE/ipvsadm for this machine's
 * processor or, with --all, for every one, the links to the former, and the SBOM.
 */
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildNative, nativeProgram, nativeProgramFor } from './native/build';
import { source as quickjs } from './native/quickjs';
import { architectures, ownArchitecture } from './native/toolchain';
import { debianComponent, formatSbom, sbom } from './sbom';

const directory = dirname(nativeProgram);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
  rmSync(directory, { recursive: true, force: true });
  for (const architecture of values.all ? architectures : [ownArchitecture()]) {
    const executable = nativeProgramFor(architecture);
    await buildNative({ entry: 'src/engines/quickjs/main.ts', executable, architecture });
    console.log(`${relative('.', executable)}: ${statSync(executable).size} bytes`);
  }
  mkdirSync(directory, { recursive: true });
  const own = relative(directory, nativeProgramFor(ownArchitecture()));
  for (const name of ['ipvsadm', 'ipvsadm-save', 'ipvsadm-restore']) symlinkSync(own, join(directory, name));
  writeFileSync(join(directory, 'sbom.json'), formatSbom(sbom([debianComponent(quickjs, 'MIT')])));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
