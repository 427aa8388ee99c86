/** The System of Node. Whatever a plain command does not need is loaded where it is used. */

import type * as ChildProcess from 'node:child_process';
import type * as Dns from 'node:dns';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import type * as Os from 'node:os';
import type * as Tty from 'node:tty';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import { formatAddress, parseDottedQuad } from '../../model/address';
import type { NamespaceRun } from '../../platform/interactive-system';
import { type NamespaceFailure, OutputError, type System } from '../../platform/system';
import { parseServices, type Services } from './services';
import { openNodeTransport } from './transport';

const BLOCK = 64 * 1024;
const descriptors = { stdout: 1, stderr: 2 } as const;

/** How long to pause, in milliseconds, before a descriptor that would block is tried again. */
const PAUSE = 1;

/** @param args the arguments behind the program's name, of `byteArguments`. */
export function nodeSystem(args: readonly string[]): System {
  return {
    get programName() {
      return programName(toBytes(process.env.IPVSADM_PROGRAM ?? 'ipvsadm'), toBytes(process.env.PATH ?? ''));
    },
    args,
    environment: (name) => process.env[name],
    openTransport: openNodeTransport,
    loadModule() {
      const { spawnSync } = require('node:child_process') as typeof ChildProcess;
      spawnSync('/sbin/modprobe', ['--', 'ip_vs'], { stdio: ['ignore', 'ignore', 'inherit'] });
    },
    write: (stream, bytes) => writeAll(descriptors[stream], bytes),
    stdoutIsTerminal() {
      if (!fstatSync(descriptors.stdout).isCharacterDevice()) return false;
      // Only now: loading 'tty' costs a tenth of a start.
      return (require('node:tty') as typeof Tty).isatty(descriptors.stdout);
    },
    stderrIsTerminal: () => (require('node:tty') as typeof Tty).isatty(descriptors.stderr),
    readInput() {
      inputBuffer ??= new Uint8Array(BLOCK);
      return readBlock(0, inputBuffer);
    },
    readFile,
    readBlocks(path) {
      try {
        return fileBlocks(openSync(Buffer.from(path, 'latin1'), 'r'));
      } catch {
        return undefined;
      }
    },
    readDirectory(path) {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
    enterNamespace,
    async addressOfHost(name) {
      // Node would warn of the empty name, and read other scripts' digits as an address.
      if (!/^[\x21-\x7e]+$/.test(name)) return undefined;
      const { promises } = require('node:dns') as typeof Dns;
      try {
        const { address } = await promises.lookup(name, { family: 4, order: 'verbatim' });
        return parseDottedQuad(address);
      } catch {
        return undefined;
      }
    },
    async nameOfAddress(address) {
      const { promises } = require('node:dns') as typeof Dns;
      try {
        const { hostname } = await promises.lookupService(formatAddress(address), 0);
        return toBytes(hostname);
      } catch {
        return undefined;
      }
    },
    portOfService: (name, protocol) => servicesDatabase().ports.get(protocol)?.get(name),
    serviceOfPort: (port, protocol) => servicesDatabase().names.get(protocol)?.get(port),
  };
}

/** Node has no setns(2): nsenter (util-linux, busybox) runs the program again. */
function enterNamespace(path: string, args: readonly string[]): number | NamespaceFailure {
  // Ctrl-C goes to both: the inner one decides what it means.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const result = runInNamespace(path, args, false);
    return 'errno' in result ? result : result.status;
  } finally {
    process.off('SIGINT', ignore);
  }
}

/** Runs this program in the network namespace of a file. @param capture whether what it prints is kept. */
export function runInNamespace(
  path: string,
  args: readonly string[],
  capture: boolean,
): NamespaceRun | NamespaceFailure {
  try {
    closeSync(openSync(path, 'r'));
  } catch (error) {
    return { errno: systemErrno(error) };
  }
  const { spawnSync } = require('node:child_process') as typeof ChildProcess;
  const texts = args.map((argument) => Buffer.from(argument, 'latin1').toString('utf8'));
  const program = [process.execPath, ...process.execArgv, process.argv[1]!, ...texts];
  const { error, status, signal, stdout, stderr } = spawnSync(
    'nsenter',
    [`--net=${path}`, '--', ...program],
    {
      stdio: capture ? ['inherit', 'pipe', 'pipe'] : 'inherit',
      encoding: 'latin1',
      maxBuffer: MAX_CAPTURED,
    },
  );
  if (error)
    return { errno: errno.ENOENT, reason: 'Node needs nsenter (util-linux) for it, which cannot be run' };
  const { constants } = require('node:os') as typeof Os;
  return {
    status: status ?? exitStatus.signalled + constants.signals[signal!],
    stdout: stdout ?? '',
    stderr: stderr ?? '',
  };
}

/** The most that a run in a namespace may print where that is kept. */
const MAX_CAPTURED = 256 * 1024 * 1024;

let services: Services | undefined;

function servicesDatabase(): Services {
  services ??= parseServices(readFile('/etc/services') ?? '');
  return services;
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

let inputBuffer: Uint8Array | undefined;

/** Writes all of `bytes`, also to a slow pipe that does not block. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = systemErrno(error);
      if (code !== errno.EAGAIN) throw new OutputError(code);
      pause();
    }
  }
}

/** The errno of a failed call of Node, positive. */
export function systemErrno(error: unknown): number {
  return Math.abs((error as NodeJS.ErrnoException).errno ?? errno.EINVAL);
}

/** Diagnostics the errno (positive) of a file that cannot be read to its end. */
type Failed = (code: number) => void;

/** The next bytes of a descriptor; none at its end, which a failed read counts as. */
function readBlock(descriptor: number, buffer: Uint8Array, failed?: Failed): Uint8Array {
  for (;;) {
    try {
      return buffer.subarray(0, readSync(descriptor, buffer));
    } catch (error) {
      const code = systemErrno(error);
      if (code !== errno.EAGAIN) {
        failed?.(code);
        return buffer.subarray(0, 0);
      }
      pause();
    }
  }
}

/** What a descriptor gives, block by block, each good until the next; then it is closed. */
export function* fileBlocks(descriptor: number, failed?: Failed): Generator<Uint8Array, void> {
  const buffer = new Uint8Array(BLOCK);
  try {
    for (;;) {
      const block = readBlock(descriptor, buffer, failed);
      if (block.length === 0) return;
      yield block;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Sleeps without giving the event loop a turn. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}

/**
 * How ipvsadm was called. A shell that finds a program by its PATH calls it by its name alone, but hands a
 * script its whole path: where the path is one that PATH leads to, the name alone is taken for what was typed.
 */
function programName(path: string, searchPath: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 && searchPath.split(':').includes(path.slice(0, slash)) ? path.slice(slash + 1) : path;
}

/**
 * The arguments, one character a byte. Node has decoded them as UTF-8, and put U+FFFD for what is not: then
 * the kernel's copy has the bytes.
 */
export function byteArguments(args: readonly string[]): readonly string[] {
  const text = args.join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return args;
  if (!text.includes('\ufffd')) return args.map(toBytes);
  const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
  return all.slice(all.length - args.length);
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
