import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/debian/cache';
import { runCommand } from '../../../scripts/debian/command';
import { unpackPackages } from '../../../scripts/debian/packages';
import { usePrivateLibraries } from '../../../scripts/debian/private-programs';
import { Guest } from '../guest';
import { initramfs } from '../initramfs';
import { JobFolder } from '../job-folder';
import { busybox, toolsTree } from '../tools';
import type { Lab, LabOptions } from '../types';

const suite = 'bookworm';
const emulatorPackages = ['qemu-system-x86'];
const kernelPackages = ['linux-image-amd64'];
const program = 'usr/bin/qemu-system-x86_64';

/**
 * Boots a Debian kernel under emulation. Never uses /dev/kvm, which can hang a guest even where it
 * exists.
 */
/** In MiB. */
const DEFAULT_MEMORY = 2048;

export async function openQemu(labOptions: LabOptions): Promise<Lab> {
  const { tools, emulator, kernel, initrd } = await prepareQemu();
  const folder = new JobFolder(tools, labOptions);
  const hostFolder = (tag: string, path: string, readonly: 'on' | 'off'): string[] => [
    '-virtfs',
    // Commas separate options; a literal comma is doubled.
    `local,path=${path.replaceAll(',', ',,')},mount_tag=${tag},security_model=none,readonly=${readonly},multidevs=remap`,
  ];
  const options = [
    ...[
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      'max',
      '-smp',
      '2',
      '-m',
      `${labOptions.memory ?? DEFAULT_MEMORY}M`,
    ],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-serial', 'stdio'],
    ...['-L', join(emulator, 'usr/share/qemu'), '-L', join(emulator, 'usr/share/seabios')],
    ...['-kernel', kernel, '-initrd', initrd],
    ...['-append', 'console=ttyS0 quiet panic=-1 LAB_HOST=9p LAB_TREE=tree LAB_JOBS=jobs'],
    ...hostFolder('tree', '/', 'on'),
    ...hostFolder('jobs', folder.path, 'off'),
  ];
  return Guest.start({
    backend: 'qemu',
    folder,
    command: [join(emulator, program), ...options],
    env: { ...process.env, QEMU_MODULE_DIR: join(emulator, 'usr/lib/x86_64-linux-gnu/qemu') },
    bootSeconds: 180,
    slowness: 10,
  });
}

/** Returns the files that a guest needs, downloaded and built unless they are in the cache. */
export async function prepareQemu(): Promise<{
  tools: string;
  emulator: string;
  kernel: string;
  initrd: string;
}> {
  const tools = await toolsTree();
  const emulator = await cached({
    name: 'qemu',
    recipe: { suite, emulatorPackages },
    async build(now, later) {
      await unpackPackages({ suite, packages: emulatorPackages }, now);
      await usePrivateLibraries({ now, later }, [program], tools);
    },
  });
  const image = await cached({
    name: 'linux',
    recipe: { suite, kernelPackages },
    async build(now) {
      await unpackPackages({ suite, packages: kernelPackages }, now);
      // Normally a maintainer script does this, but the package is only unpacked.
      await runCommand(busybox(tools), ['depmod', '-b', now, kernelVersion(now)]);
    },
  });
  const version = kernelVersion(image);
  return {
    tools,
    emulator,
    kernel: join(image, 'boot', `vmlinuz-${version}`),
    initrd: await initramfs('linux', join(image, 'lib/modules', version), tools),
  };
}

function kernelVersion(image: string): string {
  const [version = ''] = readdirSync(join(image, 'lib/modules'));
  return version;
}
