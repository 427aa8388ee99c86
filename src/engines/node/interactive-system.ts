/** InteractiveSystem on Node. */
import type * as ChildProcess from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import type * as Os from 'node:os';
import { exitStatus } from '../../errors/exit-status';
import {
  type InteractiveSystem,
  type Interruption,
  interruptions,
  type ProgramRun,
  type Sleep,
} from '../../platform/interactive-system';
import { OutputError, type System } from '../../platform/system';
import type * as Namespace from './namespace';
import { replaceFile, targetOf } from './replace-file';
import { fileBlocks, systemErrno } from './system';
import { lockTable } from './table-lock';
import { openNodeTransport } from './transport';

/** The most bytes that a run in a new namespace may print. */
const MAX_OUTPUT = 256 * 1024 * 1024;

/**
 * Run by unshare (util-linux). The loopback of a new namespace is down, and until it is up no
 * address counts as unicast.
 */
const IN_NEW_NAMESPACE =
  'ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null || exit 97; echo entered >&2; exec "$@"';
const NO_LOOPBACK = 97;
/** The first line of standard error once the program itself runs. */
const ENTERED = 'entered\n';

/** Adds what subcommands need to `system`. */
export function nodeInteractiveSystem(system: System): InteractiveSystem {
  // Descriptors, so that the getters of nodeSystem stay getters.
  return Object.defineProperties({} as InteractiveSystem, {
    ...Object.getOwnPropertyDescriptors(system),
    ...Object.getOwnPropertyDescriptors(interactiveParts),
  });
}

const interactiveParts: Omit<InteractiveSystem, keyof System> = {
  openScreen: () => (require('./screen') as typeof import('./screen')).openScreen(),
  // A serial console reports 0 columns and rows.
  stdoutWidth: () => process.stdout.columns || undefined,
  stdoutHeight: () => process.stdout.rows || undefined,
  now: () => performance.now(),
  interruptible,
  lockTable,
  openRing: (...ring) => (require('./ring') as typeof import('./ring')).openRing(...ring),
  runDirector: (run) => (require('./run-director') as typeof import('./run-director')).runDirector(run),
  runWeb: (run) => (require('./run-director') as typeof import('./run-director')).runWeb(run),
  askDirector: (question) =>
    (require('./ask-director') as typeof import('./ask-director')).askDirector(question),
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
      const { dev, ino } = statSync(Buffer.from(path, 'latin1'));
      return `${dev}:${ino}`;
    } catch {
      return undefined;
    }
  },
  openNetlink: openNodeTransport,
  get networkNamespace() {
    try {
      return /\d+/.exec(readlinkSync('/proc/self/ns/net'))?.[0];
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
  writeKernelFile(path, text) {
    // One write(2): the kernel takes each for a whole value.
    outputErrors(() => {
      const file = openSync(path, 'r+');
      try {
        writeSync(file, text);
      } finally {
        closeSync(file);
      }
    });
  },
  loadKernelModule(name) {
    const { spawnSync } = require('node:child_process') as typeof ChildProcess;
    const { error, status, stderr } = spawnSync('/sbin/modprobe', ['--', name], { encoding: 'latin1' });
    if (error) return '/sbin/modprobe (kmod) cannot be run';
    return status === 0 ? undefined : stderr.trim().split('\n')[0] || `modprobe: status ${status}`;
  },
  hearMulticast: (...group) =>
    (require('./multicast') as typeof import('./multicast')).hearMulticast(...group),
  runProgram: (name, args, input) => runProgram(name, args, { input }),
  runProgramAside: (...run) =>
    (require('./run-aside') as typeof import('./run-aside')).runProgramAside(...run),
  countLosses: (target) => (require('./counting') as typeof import('./counting')).countingClient(target),
  runPackets(args) {
    for (const path of [`${__dirname}/native/${process.arch}/ipvsadm`, '/usr/sbin/ipvsadm']) {
      const result = runProgram(path, args, { input: '', argv0: 'ipvsadm-packets' });
      // The C program of the same name does not know these words.
      if (result && result.status !== exitStatus.usage) return result;
    }
    return undefined;
  },
  call: (target) => (require('./call') as typeof import('./call')).call(target),
  makeDirectory: (path, mode = 0o700) => outputErrors(() => mkdirSync(path, { recursive: true, mode })),
  makeLink: (target, path) =>
    outputErrors(() => {
      rmSync(path, { force: true });
      symlinkSync(target, path);
    }),
  get programPath() {
    const node = process.execPath.slice(0, process.execPath.lastIndexOf('/'));
    return {
      program: `${__dirname.slice(0, __dirname.lastIndexOf('/'))}/bin/ipvsadm`,
      searchPath: `${node}:/usr/sbin:/usr/bin:/sbin:/bin`,
    };
  },
  removeFile: (path) => outputErrors(() => rmSync(path, { force: true })),
  runInNamespace: (...run) => (require('./namespace') as typeof Namespace).runInNamespace(...run),
  replaceFile,
  followLinks(path) {
    try {
      const target = targetOf(path);
      return 'path' in target ? target.path : path;
    } catch {
      return path;
    }
  },
  runInNewNamespace(args, input, unavailable) {
    // Loaded here, so that other subcommands start faster.
    const { spawnSync } = require('node:child_process') as typeof ChildProcess;
    const command = [process.execPath, ...process.execArgv, process.argv[1]!, ...args];
    const { error, status, signal, stdout, stderr } = spawnSync(
      'unshare',
      ['-n', 'sh', '-c', IN_NEW_NAMESPACE, 'sh', ...command],
      { input, encoding: 'latin1', maxBuffer: MAX_OUTPUT },
    );
    // A child that exits before it has read its input causes EPIPE as well: its status and stderr
    // are what counts.
    const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
    if (error && status === null && signal === null) unavailable(`cannot run unshare (${code ?? message})`);
    else if (status === NO_LOOPBACK) {
      unavailable('neither ip nor ifconfig can bring up the loopback interface');
    } else if (!stderr.startsWith(ENTERED)) {
      unavailable(stderr.trim().split('\n')[0] || `status ${status ?? signal}`);
    } else {
      const { constants } = require('node:os') as typeof Os;
      return {
        status: status ?? exitStatus.signalled + constants.signals[signal!],
        stdout,
        stderr: stderr.slice(ENTERED.length),
      };
    }
    return undefined;
  },
};

function runProgram(
  name: string,
  args: readonly string[],
  options: { readonly input: string; readonly argv0?: string },
): ProgramRun | undefined {
  const { spawnSync } = require('node:child_process') as typeof ChildProcess;
  const { error, status, stdout, stderr } = spawnSync(name, args, { ...options, encoding: 'latin1' });
  if (error && status === null) return undefined;
  return { status: status ?? exitStatus.signalled, stdout, stderr };
}

/** Turns a failed system call into OutputError. */
function outputErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new OutputError(systemErrno(error));
  }
}

async function interruptible<T>(
  work: (sleep: Sleep) => Promise<T>,
  ending?: () => void,
  standBack?: () => void,
): Promise<T> {
  let received: Interruption | undefined;
  let wake = () => {};
  const signals = Object.keys(interruptions) as Interruption[];
  const stop = () => {
    standBack?.();
    process.kill(process.pid, 'SIGSTOP');
  };
  const goOn = () => wake();
  const forget = () => {
    for (const signal of signals) process.off(signal, take);
    process.off('SIGTSTP', stop).off('SIGCONT', goOn);
  };
  const take = (signal: NodeJS.Signals) => {
    if (received) {
      forget();
      ending?.();
      process.kill(process.pid, signal);
    }
    received ??= signal as Interruption;
    wake();
  };
  for (const signal of signals) process.on(signal, take);
  if (standBack) process.on('SIGTSTP', stop).on('SIGCONT', goOn);
  try {
    return await work(async (milliseconds) => {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        // An immediate comes after the signals that are pending; a timer takes a millisecond.
        if (received || milliseconds === 0) setImmediate(resolve);
        else timer = setTimeout(resolve, milliseconds);
      });
      clearTimeout(timer);
      return received;
    });
  } finally {
    forget();
  }
}
