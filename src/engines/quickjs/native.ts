/** The functions of bindings.c, rows.c and lines.c. A negative number is an errno; text has one character per byte. */
export interface Native {
  /** argv, including the program's name. */
  arguments(): string[];
  environment(name: string): string | undefined;
  /** The path of this executable. */
  executable(): string | undefined;
  /** Opens a file for reading and returns its descriptor. */
  open(path: string): number;
  close(descriptor: number): number;
  /** Reads into `buffer` and returns the number of bytes, 0 at the end. Blocks. */
  read(descriptor: number, buffer: Uint8Array): number;
  /** Writes all of `bytes` and returns 0. Blocks. */
  write(descriptor: number, bytes: Uint8Array): number;
  isTerminal(descriptor: number): boolean;
  /** Opens a generic netlink socket and returns its descriptor. */
  openNetlink(): number;
  /** The size of a socket's receive buffer in bytes. */
  receiveBuffer(descriptor: number): number;
  send(descriptor: number, datagram: Uint8Array): number;
  /** Receives the next datagram from the kernel and returns its length. Does not block. */
  receive(descriptor: number, buffer: Uint8Array): number;
  /** The names in a directory, except . and .. */
  directory(path: string): string[] | undefined;
  /** Enters the network namespace of a file by setns(2) and returns 0. */
  enterNamespace(path: string): number;
  /** gethostbyname(3): the four bytes of the first IPv4 address. */
  addressOfHost(name: string): string | undefined;
  /** gethostbyaddr(3), for 4 or 16 bytes. */
  nameOfAddress(address: Uint8Array): string | undefined;
  /** getservbyname(3). */
  portOfService(name: string, protocol: string): number | undefined;
  /** getservbyport(3). */
  serviceOfPort(port: number, protocol: string): string | undefined;
  /** Runs `/sbin/modprobe -- ip_vs` and waits for it. */
  loadModule(): void;
  /**
   * Replaces the process by the program at `path`, with the same arguments. Returns only on
   * failure.
   * @param called its IPVSADM_CALLED: the name that it goes by instead of its path; '' unsets it.
   * @param native its IPVSADM_NATIVE: the executable to run if Node is too old; '' unsets it.
   */
  become(path: string, called: string, native: string): number;
  /** Zeros, for a large buffer: pages cost nothing until they are used. */
  memory(length: number): ArrayBuffer;
  /** BulkLines.takeRules: block, templates for servers and services, scheduler, messages, cursor. */
  takeRules(
    block: Uint8Array,
    server: Int32Array,
    service: Int32Array,
    scheduler: Uint8Array,
    words: Int32Array,
    starts: Uint32Array,
    kinds: Uint8Array,
    cursor: Uint32Array,
  ): void;
  /** BulkLines.takeConnections. */
  takeConnections(block: Uint8Array, output: Uint8Array, cursor: Uint32Array): void;
  /** Runs a part of the program (scripts/parts.ts) and returns what it exports. */
  part(name: string): unknown;
  /** Sets the exit status of the process, which ends when no jobs are left. */
  exit(status: number): void;
  /** `BulkRows.copy`. */
  copyRows(
    datagram: Uint8Array,
    at: number,
    sequence: number,
    length: number,
    address: number,
    headers: Int32Array,
    steps: Int32Array,
    rows: Int32Array,
    row: number,
  ): number;
  /** `BulkRows.order`. */
  orderRows(rows: Int32Array, numbers: Uint32Array, asInDocuments: boolean): void;
  /** `BulkRows.write`. */
  writeLines(
    steps: Int32Array,
    end: number,
    texts: Uint8Array,
    rows: Int32Array,
    order: Uint32Array,
    bytes: Uint8Array,
    cursor: Uint32Array,
  ): void;
}

declare global {
  /** Set by main.c before the program starts. */
  var native: Native;
}
