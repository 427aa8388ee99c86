/**
 * `npm run build:native`: builds dist/native/ipvsadm, and links for ipvsadm-save and
 * ipvsadm-restore.
 */
import { rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildNative, nativeProgram } from './native/build';

async function main(): Promise<void> {
  const directory = dirname(nativeProgram);
  rmSync(directory, { recursive: true, force: true });
  await buildNative({ entry: 'src/engines/quickjs/main.ts', executable: nativeProgram });
  for (const name of ['ipvsadm-save', 'ipvsadm-restore']) symlinkSync('ipvsadm', join(directory, name));
  console.log(`dist/native/ipvsadm: ${statSync(nativeProgram).size} bytes`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
