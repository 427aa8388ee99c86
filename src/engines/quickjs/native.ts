/** The functions of bindings.c. A negative number is an errno; texts hold one character a byte. */
export interface Native {
  /** argv, the program's name first. */
  arguments(): string[];
  environment(name: string): string | undefined;
  /** The path of this very executable. */
  executable(): string | undefined;
  /** A descriptor for reading. */
  open(path: string): number;
  close(descriptor: number): number;
  /** How many bytes were read into `buffer`: 0 at the end. Waits. */
  read(descriptor: number, buffer: Uint8Array): number;
  /** Writes all of `bytes`; 0 when done. Waits. */
  write(descriptor: number, bytes: Uint8Array): number;
  isTerminal(descriptor: number): boolean;
  /** A socket of the generic netlink protocol. */
  openNetlink(): number;
  send(descriptor: number, datagram: Uint8Array): number;
  /** The length of the next datagram from the kernel. Never waits. */
  receive(descriptor: number, buffer: Uint8Array): number;
  /** The names in a directory, without . and .. */
  directory(path: string): string[] | undefined;
  /** setns(2) into the network namespace of a file: 0 when done. */
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
  /** Becomes the program at `path`, with the arguments of this one; returns only when that fails. */
  become(path: string): number;
  /** The exit status of the process, which ends when nothing is left to be done. */
  exit(status: number): void;
}

declare global {
  /** Set by main.c before the program starts. */
  var native: Native;
}
