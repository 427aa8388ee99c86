/**
 * `npm run build:native`: builds dist/native/ipvsadm, links for ipvsadm-save and ipvsadm-restore,
 * and its SBOM.
 */
import { rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildNative, nativeProgram } from './native/build';
import { source as quickjs } from './native/quickjs';
import { debianComponent, formatSbom, sbom } from './sbom';

async function main(): Promise<void> {
  const directory = dirname(nativeProgram);
  rmSync(directory, { recursive: true, force: true });
  await buildNative({ entry: 'src/engines/quickjs/main.ts', executable: nativeProgram });
  for (const name of ['ipvsadm-save', 'ipvsadm-restore']) symlinkSync('ipvsadm', join(directory, name));
  writeFileSync(join(directory, 'sbom.json'), formatSbom(sbom([debianComponent(quickjs, 'MIT')])));
  console.log(`dist/native/ipvsadm: ${statSync(nativeProgram).size} bytes`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
