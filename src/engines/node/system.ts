/** The System of Node. Modules that few commands need are loaded on demand. */

import type * as ChildProcess from 'node:child_process';
import type * as Dns from 'node:dns';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import type * as Tty from 'node:tty';
import { errno } from '../../errors/errno';
import { usageError } from '../../errors/ipvsadm-error';
import { formatAddress, parseDottedQuad, parseIpv6 } from '../../model/address';
import { nameOfScript } from '../../platform/script-name';
import { InputError, type NamespaceFailure, OutputError, type System } from '../../platform/system';
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
      return nameOfScript(toBytes(process.env.IPVSADM_PROGRAM ?? 'ipvsadm'), toBytes(process.env.PATH ?? ''));
    },
    args,
    environment: (name) => process.env[name],
    openTransport: () => openNodeTransport(),
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
      return readBlock(0, inputBuffer, (code) => {
        throw new InputError(code);
      });
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
        return readdirSync(path, 'latin1' as 'utf8');
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

/** Runs the program again in the namespace. */
function enterNamespace(path: string, args: readonly string[]): number | NamespaceFailure {
  const { runInNamespace } = require('./namespace') as typeof import('./namespace');
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

/** Writes all of `bytes`, even to a non-blocking descriptor. @throws OutputError. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
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
 * The arguments with one character per byte. Node decodes them as UTF-8 and replaces invalid bytes
 * by U+FFFD; in that case the original bytes are read from /proc/self/cmdline.
 * @throws IpvsadmError if that cannot be read.
 */
export function byteArguments(args: readonly string[]): readonly string[] {
  const text = args.join('');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return args;
  if (!text.includes('\ufffd')) return args.map(toBytes);
  const all = readFile('/proc/self/cmdline')?.split('\0').slice(0, -1);
  if (all === undefined || all.length < args.length) {
    throw usageError(
      'ipvsadm: an argument is not UTF-8, which Node reads from /proc/self/cmdline: mount /proc, or name it in UTF-8',
    );
  }
  return all.slice(all.length - args.length);
}

function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
