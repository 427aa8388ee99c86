import type { Transport } from '../netlink/transport';

/**
 * Everything that touches the world. The core takes it as a parameter, so that tests and a second engine can
 * bring their own; `engines/node/system.ts` is the one of Node, `engines/quickjs/system.ts` that of QuickJS. Texts hold one character a byte (0..255).
 */
export interface System {
  /** How the program was called: ipvsadm's messages name it. */
  readonly programName: string;
  /** The arguments behind the program's name. */
  readonly args: readonly string[];
  environment(name: string): string | undefined;
  /** A netlink socket of the generic netlink protocol. @throws NetlinkError. */
  openTransport(): Transport;
  /** Runs `/sbin/modprobe -- ip_vs` with our standard error; its failure is not an error here. */
  loadModule(): void;
  /** Writes all of `bytes`. @throws OutputError. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Whether standard output is read by a person, line by line. */
  stdoutIsTerminal(): boolean;
  /** Whether standard error is read by a person. */
  stderrIsTerminal(): boolean;
  /** The next block of standard input, as it comes; empty at its end. Good until the next call. */
  readInput(): Uint8Array;
  /** A whole file; undefined when it cannot be read. */
  readFile(path: string): string | undefined;
  /** A file of the kernel block by block, each good until the next; undefined when it cannot be opened. A failed read is its end, as in C. */
  readBlocks(path: string): Iterable<Uint8Array> | undefined;
  /** The names in a directory; none when it cannot be read. */
  readDirectory(path: string): readonly string[];
  /**
   * Enters the network namespace of a file (setns(2)), before any socket is opened. An engine that cannot runs the
   * program in it with `args` instead.
   * @returns undefined when this process is in it, the exit status of the run, or why neither is so.
   */
  enterNamespace(path: string, args: readonly string[]): undefined | number | NamespaceFailure;
  /** The first IPv4 address of a host name, from hosts(5) or DNS. */
  addressOfHost(name: string): Promise<Uint8Array | undefined>;
  /** The host name of an address of 4 or 16 bytes. */
  nameOfAddress(address: Uint8Array): Promise<string | undefined>;
  /** The port of a service name (aliases count) for an IP protocol number: services(5). */
  portOfService(name: string, protocol: number): number | undefined;
  /** The service name of a port for an IP protocol number. */
  serviceOfPort(port: number, protocol: number): string | undefined;
}

/** Why a network namespace was not entered: a positive errno, or words where there is none. */
export interface NamespaceFailure {
  readonly errno: number;
  readonly reason?: string;
}

/** Standard output or standard error would not take what was written. `errno` is positive. */
export class OutputError extends Error {
  constructor(readonly errno: number) {
    super(`write failed: errno ${errno}`);
    this.name = 'OutputError';
  }
}
