import { existsSync, readdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { runCommand } from './command';

const libraryDirectories = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];

/** Unpacked packages: where they lie now, and where they will lie when they are used. */
export interface Tree {
  now: string;
  later: string;
}

/**
 * Changes programs of an unpacked tree so that they run with the tree's own loader and libraries, under their own
 * names: a wrapper would change argv[0], which ipvsadm's messages contain.
 */
export async function usePrivateLibraries(
  tree: Tree,
  programs: string[],
  patchelfRoot: string,
): Promise<void> {
  const loader = join(tree.later, loaderOf(tree.now));
  // DT_RPATH and not DT_RUNPATH: only the former also counts for what the libraries themselves need.
  const change = ['--force-rpath', '--set-rpath', libraryPath(tree.later), '--set-interpreter', loader];
  for (const program of programs) await patchelf(patchelfRoot, [...change, join(tree.now, program)]);
}

/**
 * Makes the absolute symbolic links of an unpacked tree lead to its own files: through the others a linker would take
 * the machine's loader beside the tree's libc, and the two need not be of one version.
 */
export function keepLinksInside(tree: string): void {
  const inside = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) inside(path); // readdir's own recursion would follow links
      if (!entry.isSymbolicLink()) continue;
      const target = readlinkSync(path);
      if (!isAbsolute(target)) continue;
      unlinkSync(path);
      symlinkSync(relative(directory, join(tree, target)), path);
    }
  };
  inside(tree);
}

/** Runs a tree's patchelf, which is not patched itself, through the tree's loader. */
async function patchelf(root: string, args: string[]): Promise<void> {
  const loader = join(root, loaderOf(root));
  await runCommand(loader, ['--library-path', libraryPath(root), join(root, 'usr/bin/patchelf'), ...args]);
}

function libraryPath(root: string): string {
  return libraryDirectories.map((directory) => join(root, directory)).join(':');
}

/** The loader's place within a tree. Not lib64/, which is a symbolic link to the host's one. */
function loaderOf(root: string): string {
  const places = libraryDirectories.map((directory) => join(directory, 'ld-linux-x86-64.so.2'));
  const found = places.find((place) => existsSync(join(root, place)));
  if (found === undefined) throw new Error(`${root} holds no libc`);
  return found;
}
