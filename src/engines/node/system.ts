/** The System of Node. Modules that few commands need are loaded on demand. */

import type * as ChildProcess from 'node:child_process';
import type * as Dns from 'node:dns';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import type * as Os from 'node:os';
import type * as Tty from 'node:tty';
import { errno } from '../../errors/errno';
import { exitStatus } from '../../errors/exit-status';
import { formatAddress, parseDottedQuad, parseIpv6 } from '../../model/address';
import type { NamespaceRun } from '../../platform/interactive-system';
import { type NamespaceFailure, OutputError, type System } from '../../platform/system';
import { parseServices, type Services } from './services';
import { openNodeTransport } from './transport';

const BLOCK = 64 * 1024;
const descriptors = { stdout: 1, stderr: 2 } as const;

/** The pause in milliseconds before an operation that would block is retried. */
const PAUSE = 1;

/** The System of this process. @param args the result of `byteArguments`. */
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
      // Loaded only for a character device: 'tty' takes a tenth of the start-up time.
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
    async addressOfHost(name, version = 4) {
      // Node would warn about an empty name, and parse digits of other scripts as an address.
      if (!/^[\x21-\x7e]+$/.test(name)) return undefined;
      const { promises } = require('node:dns') as typeof Dns;
      try {
        const { address } = await promises.lookup(name, { family: version, order: 'verbatim' });
        return version === 4 ? parseDottedQuad(address) : parseIpv6(address);
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

/**
 * Node has no setns(2), so nsenter (util-linux, busybox) runs the program again in the namespace.
 */
function enterNamespace(path: string, args: readonly string[]): number | NamespaceFailure {
  // Ctrl-C signals both processes: the inner one handles it.
  const ignore = () => {};
  process.on('SIGINT', ignore);
  try {
    const result = runInNamespace(path, args, false);
    return 'errno' in result ? result : result.status;
  } finally {
    process.off('SIGINT', ignore);
  }
}

/**
 * Runs this program in the network namespace of a file.
 * @param capture whether to return its output.
 */
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

/** The limit of captured output in bytes. */
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

/** Writes all of `bytes`, even to a non-blocking descriptor. */
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

/** The errno (positive) of a failed call of Node. */
export function systemErrno(error: unknown): number {
  return Math.abs((error as NodeJS.ErrnoException).errno ?? errno.EINVAL);
}

/** Receives the errno (positive) of a failed read. */
type Failed = (code: number) => void;

/** The next bytes of a descriptor; none at its end or after a failed read. */
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

/** Reads a descriptor in blocks, each valid until the next, and closes it. */
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

/** Sleeps without returning to the event loop. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
}

/**
 * The name by which the program was called, argv[0]. For a program found in PATH, a shell passes
 * the bare name to an executable but the complete path to a script; so a path in a directory of
 * PATH is reduced to the name.
 */
function programName(path: string, searchPath: string): string {
  const slash = path.lastIndexOf('/');
  return slash > 0 && searchPath.split(':').includes(path.slice(0, slash)) ? path.slice(slash + 1) : path;
}

/**
 * The arguments with one character per byte. Node decodes them as UTF-8 and replaces invalid bytes
 * by U+FFFD; in that case the original bytes are read from /proc/self/cmdline.
 */
export function byteArguments(args: readonly string[]): readonly string[] {
  const text = args.join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return args;
  if (!text.includes('\ufffd')) return args.map(toBytes);
  const all = readFileSync('/proc/self/cmdline', 'latin1').split('\0').slice(0, -1);
  return all.slice(all.length - args.length);
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
