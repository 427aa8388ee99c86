import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { requirePrograms } from '../../scripts/debian/command';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';
import { BackendUnavailable } from './errors';

// The suite of the ipvsadm that everything is compared with: 1:1.31-1+b1.
const suite = 'bookworm';
const packages = ['busybox-static', 'dash', 'ipvsadm', 'iproute2', 'netbase', 'patchelf', 'strace'];
const programs = ['bin/dash', 'bin/ip', 'bin/ss', 'sbin/bridge', 'sbin/ipvsadm', 'sbin/tc', 'usr/bin/strace'];

/** The tree of the programs that are the same in every guest: sh, ip, the genuine ipvsadm and so on. */
export async function toolsTree(): Promise<string> {
  if (process.arch !== 'x64') throw new BackendUnavailable('guests are x86-64, this machine is not');
  requirePrograms('setpriv', 'taskset', 'unshare');
  return cached({
    name: 'tools',
    recipe: { suite, packages, programs },
    async build(now, later) {
      await unpackPackages({ suite, packages }, now);
      await usePrivateLibraries({ now, later }, programs, now);
    },
  });
}

export function busybox(tools: string): string {
  return join(tools, 'bin/busybox');
}
