import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/debian/cache';
import { unpackPackages } from '../../../scripts/debian/packages';
import { usePrivateLibraries } from '../../../scripts/debian/private-programs';
import { chooseCpu } from '../cpu';
import { Guest } from '../guest';
import { initramfs } from '../initramfs';
import { JobFolder } from '../job-folder';
import { toolsTree } from '../tools';
import type { Lab, LabOptions } from '../types';

// Older User-Mode Linux, as in Debian 12 and 13, panics on processors with large register state.
const suite = 'sid';
const packages = ['user-mode-linux'];
const program = 'usr/bin/linux.uml';

/** In MiB. */
const DEFAULT_MEMORY = 2048;

/** Boots a User-Mode Linux guest. */
export async function openUml(labOptions: LabOptions): Promise<Lab> {
  const { tools, kernel, initrd } = await prepareUml();
  const folder = new JobFolder(tools, labOptions);
  mkdirSync(join(folder.path, 'uml'));
  const options = [
    'seccomp=on', // nearly halves the cost of system calls
    `mem=${labOptions.memory ?? DEFAULT_MEMORY}M`,
    `initrd=${initrd}`,
    `uml_dir=${join(folder.path, 'uml')}`,
    ...['con=null', 'con0=fd:0,fd:1', 'quiet'],
    ...['LAB_HOST=hostfs', 'LAB_TREE=/', `LAB_JOBS=${folder.path}`],
  ];
  return Guest.start({
    backend: 'uml',
    folder,
    // The guest's single processor consists of several processes that take turns. Pinned to one CPU
    // they are twice as fast, because they need not wake each other across CPUs.
    command: ['taskset', '--cpu-list', chooseCpu(), kernel, ...options],
    bootSeconds: 30,
    slowness: 1,
  });
}

/** Returns the files that a guest needs, downloaded and built unless they are in the cache. */
export async function prepareUml(): Promise<{ tools: string; kernel: string; initrd: string }> {
  const tools = await toolsTree();
  const tree = await cached({
    name: 'uml',
    recipe: { suite, packages },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, [program], tools);
    },
  });
  const modules = join(tree, 'usr/lib/uml/modules');
  const [version = ''] = readdirSync(modules);
  return {
    tools,
    kernel: join(tree, program),
    initrd: await initramfs('uml', join(modules, version), tools),
  };
}
