import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { runCommand } from '../../scripts/debian/command';
import { copyModules, moduleRecipe } from './modules';
import { busybox } from './tools';

const initScript = join(__dirname, 'guest/init.sh');

/**
 * Returns the path of the initramfs of a kernel: busybox, modules, and guest/init.sh, which mounts
 * everything else.
 * @param moduleDirectory the directory of modules.dep.
 */
export async function initramfs(kernel: string, moduleDirectory: string, tools: string): Promise<string> {
  const directory = await cached({
    name: `${kernel}-initramfs`,
    recipe: [moduleDirectory, moduleRecipe, readFileSync(initScript, 'utf8')],
    async build(now) {
      const files = join(now, 'files');
      mkdirSync(join(files, 'lab'), { recursive: true });
      copyFileSync(busybox(tools), join(files, 'lab/busybox'));
      copyFileSync(initScript, join(files, 'init'));
      chmodSync(join(files, 'init'), 0o755);
      await copyModules(moduleDirectory, join(files, 'lab/modules'), busybox(tools));
      const pack = '"$1" find . | "$1" cpio -o -H newc >../packed';
      await runCommand('sh', ['-c', pack, 'sh', busybox(tools)], { cwd: files });
      rmSync(files, { recursive: true });
    },
  });
  return join(directory, 'packed');
}
