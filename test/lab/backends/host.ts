import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../scripts/debian/command';
import { BackendUnavailable } from '../errors';
import { Guest } from '../guest';
import { JobFolder } from '../job-folder';
import { scripts } from '../paths';
import { busybox, toolsTree } from '../tools';
import type { Lab, LabOptions } from '../types';

/** Opens the machine's own kernel, in namespaces. */
export async function openHost(options: LabOptions): Promise<Lab> {
  if (options.modules === 'none') throw new BackendUnavailable('cannot remove ip_vs from the running kernel');
  if (process.getuid?.() !== 0) throw new BackendUnavailable('requires root');
  await loadIpvs();
  const tools = await toolsTree();
  const folder = new JobFolder(tools, options);
  return Guest.start({
    backend: 'host',
    folder,
    command: [
      ...(['unshare', '--mount', '--pid', '--fork', '--kill-child'] as const),
      ...[busybox(tools), 'sh', join(scripts, 'host.sh'), folder.path],
    ],
    bootSeconds: 10,
    slowness: 1,
  });
}

async function loadIpvs(): Promise<void> {
  const table = '/proc/net/ip_vs';
  if (existsSync(table)) return;
  const failure = await runCommand('modprobe', ['ip_vs']).catch((error: Error) => error.message);
  if (!existsSync(table)) throw new BackendUnavailable(`the kernel has no ip_vs: ${failure}`);
}
