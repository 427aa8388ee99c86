/** InteractiveSystem on Node. */
import type * as ChildProcess from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import {
  type InteractiveSystem,
  type Interruption,
  interruptions,
  type Sleep,
} from '../../platform/interactive-system';
import { OutputError, type System } from '../../platform/system';
import { fileBlocks, runInNamespace, systemErrno } from './system';

/** The most bytes that a run in a new namespace may print. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * Run by unshare (util-linux). The loopback of a new namespace is down, and until it is up no
 * address counts as unicast.
 */
const IN_NEW_NAMESPACE = 'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || exit 97; exec "$@"';
const NO_LOOPBACK = 97;

/** Adds what subcommands need to `system`. */
export function nodeInteractiveSystem(system: System): InteractiveSystem {
  // Descriptors, so that the getters of nodeSystem stay getters.
  return Object.defineProperties({} as InteractiveSystem, {
    ...Object.getOwnPropertyDescriptors(system),
    ...Object.getOwnPropertyDescriptors(interactiveParts),
  });
}

const interactiveParts: Omit<InteractiveSystem, keyof System> = {
  // A serial console reports 0 columns.
  stdoutWidth: () => process.stdout.columns || undefined,
  now: () => performance.now(),
  interruptible,
  fileBlocks(path, failed) {
    try {
      return fileBlocks(openSync(Buffer.from(path, 'latin1'), 'r'), failed);
    } catch (error) {
      failed(systemErrno(error));
      return [];
    }
  },
  fileIdentity(path) {
    try {
      const { dev, ino } = statSync(path);
      return `${dev}:${ino}`;
    } catch {
      return undefined;
    }
  },
  fileMode(path) {
    try {
      return statSync(Buffer.from(path, 'latin1')).mode;
    } catch {
      return undefined;
    }
  },
  runInNamespace,
  replaceFile,
  runInNewNamespace(args, input, unavailable) {
    // Loaded here, so that other subcommands start faster.
    const { spawnSync } = require('node:child_process') as typeof ChildProcess;
    const command = [process.execPath, ...process.execArgv, process.argv[1]!, ...args];
    const { error, status, stdout, stderr } = spawnSync(
      'unshare',
      ['-n', 'sh', '-c', IN_NEW_NAMESPACE, 'sh', ...command],
      { input, encoding: 'latin1', maxBuffer: MAX_OUTPUT },
    );
    // A child that exits before it has read its input causes EPIPE as well: its status and stderr
    // are what counts.
    const failed = error !== undefined && status === null;
    if (!error && status === 0) return stdout;
    const reason = failed
      ? `cannot run unshare (${(error as NodeJS.ErrnoException).code ?? error.message})`
      : status === NO_LOOPBACK
        ? 'neither ip nor ifconfig can bring up the loopback interface'
        : (stderr.trim().split('\n')[0] ?? `status ${status}`);
    unavailable(reason);
    return undefined;
  },
};

async function interruptible<T>(work: (sleep: Sleep) => Promise<T>): Promise<T> {
  let received: Interruption | undefined;
  let wake = () => {};
  const take = (signal: NodeJS.Signals) => {
    received ??= signal as Interruption;
    wake();
  };
  const signals = Object.keys(interruptions) as Interruption[];
  for (const signal of signals) process.on(signal, take);
  try {
    return await work(async (milliseconds) => {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, received ? 0 : milliseconds);
      });
      clearTimeout(timer);
      return received;
    });
  } finally {
    for (const signal of signals) process.off(signal, take);
  }
}

function replaceFile(name: string, blocks: Iterable<Uint8Array>): void {
  const path = target(Buffer.from(name, 'latin1'));
  // Writes to a device or pipe directly. Replaces a file by renaming a complete new one, of the
  // same mode.
  const former = statIfThere(path);
  const special = former !== undefined && !former.isFile();
  const written = special ? path : Buffer.concat([path, Buffer.from(`.${process.pid}.tmp`)]);
  try {
    const descriptor = openSync(written, special ? 'w' : 'wx', former ? former.mode & 0o777 : 0o666);
    try {
      for (const block of blocks)
        for (let at = 0; at < block.length; ) at += writeSync(descriptor, block, at);
      if (!special) fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (!special) renameSync(written, path);
  } catch (error) {
    if (!special) removeIfThere(written);
    const { errno } = error as NodeJS.ErrnoException;
    throw errno === undefined ? error : new OutputError(Math.abs(errno));
  }
}

/** Follows symbolic links: their target is replaced, not the link. */
function target(path: Buffer): Buffer {
  try {
    return realpathSync(path, 'buffer');
  } catch {
    return path;
  }
}

function statIfThere(path: Buffer): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function removeIfThere(path: Buffer): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never created.
  }
}
