/** What runs the program for arm64 on an x64 machine: qemu-user, and a way for it to use netlink. */
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/debian/cache';
import { unpackPackages } from '../../../scripts/debian/packages';
import { findToolchain } from '../../../scripts/native/toolchain';

const qemuSet = { suite: 'bookworm', packages: ['qemu-user-static'] };

/** The descriptor by which the socket is passed. */
const define = '-DDESCRIPTOR=9';
const sources = ['netlink-descriptor.c', 'netlink-socket.c'].map((name) => join(__dirname, name));

export interface Emulation {
  qemu: string;
  /** Runs a program with a netlink socket that the library lets it open. */
  passSocket: string;
  /** For LD_PRELOAD, an arm64 library. */
  library: string;
}

export async function emulation(): Promise<Emulation> {
  const directory = await cached({
    name: 'qemu-user',
    recipe: qemuSet,
    async build(now) {
      const tree = join(now, 'tree');
      mkdirSync(tree);
      await unpackPackages(qemuSet, tree);
      copyFileSync(join(tree, 'usr/bin/qemu-aarch64-static'), join(now, 'qemu'));
      rmSync(tree, { recursive: true }); // emulators of thirty processors
    },
  });
  return { qemu: join(directory, 'qemu'), ...(await helpers()) };
}

/** Compiled apart, because building a cache entry cannot use another one. */
async function helpers(): Promise<Omit<Emulation, 'qemu'>> {
  const [here, there] = [await findToolchain('x64'), await findToolchain('arm64')];
  const directory = await cached({
    name: 'arm64-netlink',
    recipe: { define, sources: sources.map((file) => readFileSync(file, 'utf8')) },
    async build(now) {
      const [pass, socket] = sources as [string, string];
      await here.compile(['-Wall', '-O1', '-static', define, pass, '-o', join(now, 'pass-socket')]);
      const shared = ['-shared', '-fPIC', '-nostartfiles'];
      await there.compile(['-Wall', '-O1', ...shared, define, socket, '-o', join(now, 'socket.so')]);
    },
  });
  return { passSocket: join(directory, 'pass-socket'), library: join(directory, 'socket.so') };
}
