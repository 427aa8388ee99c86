import type { Transport } from '../netlink/transport';
import type { BulkLines } from './bulk-lines';
import type { BulkRows } from './bulk-rows';

/**
 * The interface to the operating system. The core receives it as a parameter, so that tests and
 * both engines can provide their own: `engines/node/system.ts` and `engines/quickjs/system.ts`.
 * Texts have one character (0..255) for each byte.
 */
export interface System {
  /** The name by which the program was called, for ipvsadm's messages. */
  readonly programName: string;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  /** What this engine adds to the help of the classic syntax. */
  readonly helpNote?: string | undefined;
  /** Absent: the core's own functions are fast enough. */
  readonly bulkRows?: BulkRows;
  /** What this engine does faster than the core for many lines. */
  readonly bulkLines?: BulkLines;
  environment(name: string): string | undefined;
  /** Opens a generic netlink socket. @throws NetlinkError. */
  openTransport(): Transport;
  /** Runs `/sbin/modprobe -- ip_vs` with our standard error; its failure is ignored. */
  loadModule(): void;
  /** Writes all of `bytes`. @throws OutputError. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Whether standard output is a terminal. */
  stdoutIsTerminal(): boolean;
  /** Whether standard error is a terminal. */
  stderrIsTerminal(): boolean;
  /**
   * The next block of standard input; empty at its end. Valid until the next call.
   * @throws InputError.
   */
  readInput(): Uint8Array;
  /** The content of a file; undefined if it cannot be read. */
  readFile(path: string): string | undefined;
  /**
   * The blocks of a file of the kernel, each valid until the next; undefined if it cannot be
   * opened. A failed read ends the file, as in C.
   */
  readBlocks(path: string): Iterable<Uint8Array> | undefined;
  /** The names in a directory; none if it cannot be read. */
  readDirectory(path: string): readonly string[];
  /**
   * Enters the network namespace of a file (setns(2)), before any socket is opened. An engine
   * without setns(2) runs the program with `args` in the namespace instead.
   * @returns undefined if this process entered it, the exit status of that run, or the reason for
   * failure.
   */
  enterNamespace(path: string, args: readonly string[]): undefined | number | NamespaceFailure;
  /**
   * The first address of a host name, from hosts(5) or DNS, of IPv4 if not given. Only the engine
   * on Node looks up IPv6.
   */
  addressOfHost(name: string, version?: 4 | 6): Promise<Uint8Array | undefined>;
  /** The host name of an address of 4 or 16 bytes. */
  nameOfAddress(address: Uint8Array): Promise<string | undefined>;
  /** The port of a service name (aliases count) for an IP protocol number: services(5). */
  portOfService(name: string, protocol: number): number | undefined;
  /** The service name of a port for an IP protocol number. */
  serviceOfPort(port: number, protocol: number): string | undefined;
}

/**
 * Why a network namespace could not be entered: a positive errno, and a text if there is a better
 * one.
 */
export interface NamespaceFailure {
  readonly errno: number;
  readonly reason?: string;
}

/** Writing failed. `errno` is positive. */
export class OutputError extends Error {
  constructor(
    readonly errno: number,
    /** What failed, if it was not writing itself. */
    readonly reason?: string,
  ) {
    super(`write failed: errno ${errno}`);
    this.name = 'OutputError';
  }
}

/** Reading standard input failed. `errno` is positive. */
export class InputError extends Error {
  constructor(readonly errno: number) {
    super(`read failed: errno ${errno}`);
    this.name = 'InputError';
  }
}
