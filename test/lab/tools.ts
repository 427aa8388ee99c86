import { join } from 'node:path';
import { cached } from '../../scripts/debian/cache';
import { requirePrograms } from '../../scripts/debian/command';
import { unpackPackages } from '../../scripts/debian/packages';
import { usePrivateLibraries } from '../../scripts/debian/private-programs';
import { BackendUnavailable } from './errors';

// The suite of the C program that everything is compared with, 1:1.31-1+b1.
const suite = 'bookworm';
const packages = [
  'busybox-static',
  'dash',
  'ipvsadm',
  'iproute2',
  'netbase',
  'nftables',
  'patchelf',
  'strace',
];
const programs = [
  'bin/dash',
  'bin/ip',
  'bin/ss',
  'sbin/bridge',
  'sbin/ipvsadm',
  'sbin/tc',
  'usr/bin/strace',
  'usr/sbin/nft',
];

/** Returns the tree of the programs that every guest has: sh, ip, the C program and so on. */
export async function toolsTree(): Promise<string> {
  if (process.arch !== 'x64') throw new BackendUnavailable('requires an x86-64 machine');
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
