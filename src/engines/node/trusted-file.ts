/**
 * Code caches, which only root or the caller may have written: V8 checks that a cache fits the length
 * of its script and the flags, and then runs whatever it contains.
 *
 * The functions of Node are those that the netlink socket needs too, because each further one costs a
 * compilation.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Larger than any cache, in bytes. Memory that is never written costs nothing. */
const MAX_CACHED = 1 << 20;

/** Write permission of group and others. */
const WRITE_BY_OTHERS = 0o022;

/** Reads a file of at most 1 MiB; undefined if it is missing, or others can write it or its directory. */
export function readTrusted(directory: string, name: string): Uint8Array | undefined {
  try {
    return open(directory, mayUse) ? open(`${directory}/${name}`, readIfTrusted) : undefined;
  } catch {
    return undefined;
  }
}

function open<T>(path: string, use: (descriptor: number) => T): T {
  const descriptor = openSync(path, 'r');
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function mayUse(descriptor: number): boolean {
  return isTrusted(fstatSync(descriptor), process.geteuid?.());
}

/** Whether only root and the caller can write a file, or create files in a directory. */
export function isTrusted({ uid, mode }: { uid: number; mode: number }, caller: number | undefined): boolean {
  return (uid === 0 || uid === caller) && (mode & WRITE_BY_OTHERS) === 0;
}

function readIfTrusted(descriptor: number): Uint8Array | undefined {
  if (!mayUse(descriptor)) return undefined;
  const buffer = Buffer.allocUnsafeSlow(MAX_CACHED);
  return buffer.subarray(0, readSync(descriptor, buffer));
}
