/** Replaces the content of a file. Paths have one character per byte. */
import type * as Crypto from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { errno } from '../../errors/errno';
import { OutputError } from '../../platform/system';
import { systemErrno, writeAll } from './system';

/** The most symbolic links that are followed (path_resolution(7)). */
const MAX_LINKS = 40;

/** Signals that would leave the new file behind, unfinished. */
const fatal = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

/**
 * Replaces a file, what a symbolic link points to (even if it is missing), or writes to a device or
 * a pipe.
 * @param mode of a file that was not there, less what the umask takes.
 * @throws OutputError: then a file is as it was before.
 */
export async function replaceFile(name: string, blocks: Iterable<Uint8Array>, mode = 0o666): Promise<void> {
  try {
    const target = targetOf(name);
    if ('descriptor' in target) return writeBlocks(target.descriptor, blocks);
    const former = statIfThere(target.path);
    const regular = former === undefined || former.isFile();
    if (!regular || target.inPlace) writeInPlace(target.path, blocks);
    else
      await interruptible((interrupted) =>
        replaceRegular(target.path, former, { blocks, mode }, interrupted),
      );
  } catch (error) {
    const known = error instanceof OutputError || (error as NodeJS.ErrnoException).errno === undefined;
    throw known ? error : new OutputError(systemErrno(error));
  }
}

/**
 * A file behind symbolic links, or a descriptor of this process, as for /dev/stdout: that is written
 * where it is, behind what other programs wrote. So is a descriptor of another process.
 */
type Target = { readonly path: string; readonly inPlace: boolean } | { readonly descriptor: number };

/** Follows symbolic links, of which the last may point to nothing. @throws OutputError for a loop. */
export function targetOf(name: string): Target {
  let path = name;
  for (let links = 0; links <= MAX_LINKS; links++) {
    const opened = openedFile(path);
    if (opened) return opened;
    let link: string;
    try {
      link = readlinkSync(toBuffer(path), 'buffer').toString('latin1');
    } catch {
      return { path, inPlace: false };
    }
    path = link.startsWith('/') ? link : folderOf(path) + link;
  }
  throw new OutputError(errno.ELOOP);
}

const standardStreams: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };

/** What a path in /dev/fd or in /proc/PID/fd names: these links are not followed by their text. */
function openedFile(path: string): Target | undefined {
  // A container may lack these links.
  if (Object.hasOwn(standardStreams, path)) return { descriptor: standardStreams[path]! };
  const digits = /(?:^|\/)([0-9]{1,9})$/.exec(path)?.[1];
  if (digits === undefined) return undefined;
  const own = { descriptor: Number(digits) };
  const folder = folderOf(path);
  // Even without /proc.
  if (/^\/(dev|proc\/self)\/fd\/$/.test(folder)) return own;
  try {
    const real = realpathSync(toBuffer(folder || '.'), 'buffer').toString('latin1');
    const process = /^(\/proc\/[0-9]+)(\/task\/[0-9]+)?\/fd$/.exec(real)?.[1];
    if (process === undefined) return undefined;
    return process === realpathSync('/proc/self') ? own : { path, inPlace: true };
  } catch {
    return undefined;
  }
}

function writeInPlace(path: string, blocks: Iterable<Uint8Array>): void {
  const { O_WRONLY, O_APPEND, O_NOCTTY } = constants;
  const descriptor = openSync(toBuffer(path), O_WRONLY | O_APPEND | O_NOCTTY);
  try {
    writeBlocks(descriptor, blocks);
  } finally {
    closeSync(descriptor);
  }
}

function writeBlocks(descriptor: number, blocks: Iterable<Uint8Array>): void {
  for (const block of blocks) writeAll(descriptor, block);
}

/**
 * Renames a complete new file of the same owner and mode: a reader sees the old file or the new one.
 * @param interrupted whether to give up: checked after each block.
 */
async function replaceRegular(
  path: string,
  former: Stats | undefined,
  { blocks, mode }: { readonly blocks: Iterable<Uint8Array>; readonly mode: number },
  interrupted: () => Promise<boolean>,
): Promise<void> {
  const created = createIn(folderOf(path), former === undefined ? mode : 0o600);
  let renamed = false;
  try {
    try {
      if (former) keepOwner(created.descriptor, former);
      for (const block of blocks) {
        writeAll(created.descriptor, block);
        if (await interrupted()) return;
      }
      fsyncSync(created.descriptor);
    } finally {
      closeSync(created.descriptor);
    }
    renameSync(created.path, toBuffer(path));
    renamed = true;
  } finally {
    if (!renamed) unlinkSync(created.path);
  }
}

/**
 * Does work that a signal must not end half-way, and ends the process by the signal after it.
 * @param work its parameter tells whether there was a signal.
 */
async function interruptible(work: (interrupted: () => Promise<boolean>) => Promise<void>): Promise<void> {
  let received: NodeJS.Signals | undefined;
  const take = (signal: NodeJS.Signals) => {
    received ??= signal;
  };
  // The event loop delivers signals.
  const interrupted = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return received !== undefined;
  };
  for (const signal of fatal) process.on(signal, take);
  try {
    await work(interrupted);
    await interrupted();
  } finally {
    for (const signal of fatal) process.off(signal, take);
  }
  if (!received) return;
  process.kill(process.pid, received);
  throw new OutputError(errno.EINTR); // process 1 does not end by a signal
}

/** Creates a file of a name that nobody can foresee, and that was free. */
function createIn(folder: string, mode: number): { readonly path: Buffer; readonly descriptor: number } {
  const { randomBytes } = require('node:crypto') as typeof Crypto;
  const path = toBuffer(`${folder}.ipvsadm-${randomBytes(12).toString('hex')}.tmp`);
  return { path, descriptor: openSync(path, 'wx', mode) };
}

/** Gives a new file the owner, group and mode of the former one. @throws OutputError. */
function keepOwner(descriptor: number, { uid, gid, mode }: Stats): void {
  const now = fstatSync(descriptor);
  try {
    if (now.uid !== uid || now.gid !== gid) fchownSync(descriptor, uid, gid);
  } catch (error) {
    throw new OutputError(systemErrno(error), `its owner and group ${uid}:${gid} cannot be kept`);
  }
  fchmodSync(descriptor, mode & 0o7777);
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(toBuffer(path));
  } catch (error) {
    if (systemErrno(error) === errno.ENOENT) return undefined;
    throw error;
  }
}

/** The part of a path up to its last slash; '' for a name. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function toBuffer(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}
