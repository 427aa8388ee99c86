/** The root directory of the small container image, which has no other system in it. */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildNative } from '../native/build';
import { source as musl, muslTree } from '../native/musl';
import { source as quickjs } from '../native/quickjs';
import { debianComponent, formatSbom, sbom } from '../sbom';
import { copyright, ignoreUmask, project, putInto } from './tree';

/** Fills `directory` and returns the path of the program. */
export async function fillImage(directory: string): Promise<string> {
  ignoreUmask();
  rmSync(directory, { recursive: true, force: true });
  const program = join(directory, 'usr/sbin/ipvsadm');
  mkdirSync(dirname(program), { recursive: true, mode: 0o755 });
  await buildNative({ entry: 'src/engines/quickjs/main.ts', executable: program, isStatic: true });
  for (const name of ['ipvsadm-save', 'ipvsadm-restore'])
    symlinkSync('ipvsadm', join(directory, 'usr/sbin', name));

  const put = putInto(directory);
  const documentation = 'usr/share/doc/ipvsadm-node';
  put(`${documentation}/LICENSE`, readFileSync(join(project, 'LICENSE')));
  put(`${documentation}/copyright`, copyright());
  put(
    `${documentation}/copyright.musl`,
    readFileSync(join(await muslTree(), 'usr/share/doc/musl-dev/copyright')),
  );
  const components = [debianComponent(quickjs, 'MIT'), debianComponent(musl, 'MIT')];
  put(`${documentation}/sbom.json`, formatSbom(sbom(components)));
  return program;
}
