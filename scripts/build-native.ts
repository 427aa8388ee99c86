/**
 * `npm run build:native [-- --all]`: builds dist/native/PROCESSOR/ipvsadm for this machine's
 * processor or, with --all, for every one that it can build for, links to the former, the license of
 * the engine, and the SBOM.
 */
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildNative, nativeProgram, nativeProgramFor } from './native/build';
import { source as quickjs } from './native/quickjs';
import { buildableArchitectures, ownArchitecture } from './native/toolchain';
import { debianComponent, formatSbom, sbom } from './sbom';
import { licenseTexts } from './third-party';

const entry = 'src/engines/quickjs/main.ts';
const directory = dirname(nativeProgram);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
  rmSync(directory, { recursive: true, force: true });
  const licenses = new Set<string>();
  for (const architecture of values.all ? buildableArchitectures() : [ownArchitecture()]) {
    const executable = nativeProgramFor(architecture);
    const { version, license: licenseText } = await buildNative({ entry, executable, architecture });
    licenses.add(licenseTexts([{ name: 'quickjs', version, license: 'MIT', licenseText }]));
    console.log(`${relative('.', executable)}: ${statSync(executable).size} bytes`);
  }
  mkdirSync(directory, { recursive: true });
  const own = relative(directory, nativeProgramFor(ownArchitecture()));
  for (const name of ['ipvsadm', 'ipvsadm-save', 'ipvsadm-restore']) symlinkSync(own, join(directory, name));
  writeFileSync(join(directory, 'THIRD-PARTY.txt'), [...licenses].join('\n'));
  writeFileSync(join(directory, 'sbom.json'), formatSbom(sbom([debianComponent(quickjs, 'MIT')])));
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
