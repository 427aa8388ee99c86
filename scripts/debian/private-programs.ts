import { existsSync, readdirSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { runCommand } from './command';

const libraryDirectories = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];

/** A tree of unpacked packages: its present path, and its path when it is used. */
export interface Tree {
  now: string;
  later: string;
}

/**
 * Patches programs of an unpacked tree to use the tree's own loader and libraries. A wrapper script
 * would change argv[0], which ipvsadm prints in messages.
 */
export async function usePrivateLibraries(
  tree: Tree,
  programs: string[],
  patchelfRoot: string,
): Promise<void> {
  const loader = join(tree.later, loaderOf(tree.now));
  // DT_RPATH instead of DT_RUNPATH, because it also applies to the dependencies of the libraries.
  const change = ['--force-rpath', '--set-rpath', libraryPath(tree.later), '--set-interpreter', loader];
  for (const program of programs) await patchelf(patchelfRoot, [...change, join(tree.now, program)]);
}

/**
 * Makes the absolute symbolic links of an unpacked tree point into the tree. Otherwise a linker
 * would combine the machine's loader with the tree's libc, whose versions may differ.
 */
export function keepLinksInside(tree: string): void {
  const inside = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) inside(path); // the recursive option of readdir would follow links
      if (!entry.isSymbolicLink()) continue;
      const target = readlinkSync(path);
      if (!isAbsolute(target)) continue;
      unlinkSync(path);
      symlinkSync(relative(directory, join(tree, target)), path);
    }
  };
  inside(tree);
}

/** Runs a tree's patchelf, which is not patched itself, with the tree's loader. */
async function patchelf(root: string, args: string[]): Promise<void> {
  const loader = join(root, loaderOf(root));
  await runCommand(loader, ['--library-path', libraryPath(root), join(root, 'usr/bin/patchelf'), ...args]);
}

function libraryPath(root: string): string {
  return libraryDirectories.map((directory) => join(root, directory)).join(':');
}

/** Returns the path of the loader in a tree. Not in lib64/, which links to the host's loader. */
function loaderOf(root: string): string {
  const paths = libraryDirectories.map((directory) => join(directory, 'ld-linux-x86-64.so.2'));
  const found = paths.find((path) => existsSync(join(root, path)));
  if (found === undefined) throw new Error(`${root} has no libc`);
  return found;
}
