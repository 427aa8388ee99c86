import type { Transport } from '../netlink/transport';
import type { CountingClient, CountingTarget } from './counting';
import type { DirectorAnswer, DirectorEnd, DirectorQuestion, DirectorRun } from './director-system';
import type { Ring } from './ring';
import type { Screen } from './screen';
import type { NamespaceFailure, System } from './system';
import type { WebRun } from './web-run';

/** The signals that interrupt a command, and their numbers (signal(7)). */
export const interruptions = { SIGINT: 2, SIGTERM: 15 } as const;
export type Interruption = keyof typeof interruptions;

/**
 * Waits some milliseconds. A signal, even one that came before the call, ends the wait and is
 * returned.
 */
export type Sleep = (milliseconds: number) => Promise<Interruption | undefined>;

/** What subcommands, which run on Node only, need in addition to `System`. */
export interface InteractiveSystem extends System {
  /** The width of the terminal on standard output in columns; undefined if it is not a terminal. */
  stdoutWidth(): number | undefined;
  /** Its height in lines. */
  stdoutHeight(): number | undefined;
  /** Takes the terminal for a command; undefined if standard input or output is none. */
  openScreen(): Screen | undefined;
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /**
   * Runs `work`. Meanwhile SIGINT and SIGTERM end its sleeps and not the program; a second signal
   * ends it at once. A sleep of 0 milliseconds takes no time.
   * @param ending called before a second signal ends the program.
   * @param standBack called before Ctrl-Z (SIGTSTP) stops the program; when it goes on, its sleep ends.
   */
  interruptible<T>(
    work: (sleep: Sleep) => Promise<T>,
    ending?: () => void,
    standBack?: () => void,
  ): Promise<T>;
  /**
   * Tries to take the lock of the table of this network namespace. Does not wait.
   * @param directory the place of the lock file; another one is another lock.
   */
  lockTable(directory?: string): LockAttempt;
  /** Runs the director daemon until it is stopped. Never rejects. */
  runDirector(run: DirectorRun): Promise<DirectorEnd>;
  /** Serves the page of a table without the daemon until it is stopped. Never rejects. */
  runWeb(run: WebRun): Promise<DirectorEnd>;
  /** Asks the director daemon. Never rejects. */
  askDirector(question: DirectorQuestion): Promise<DirectorAnswer>;
  /**
   * Replaces the content of a file atomically: a reader sees the old file or the new one, of the same
   * owner and mode. Writes to a device or pipe.
   * @param mode of a file that was not there; 0666 unless said otherwise.
   * @throws OutputError.
   */
  replaceFile(path: string, bytes: Iterable<Uint8Array>, mode?: number): Promise<void>;
  /**
   * Opens a directory of numbered files.
   * @param make whether to make it, mode 0700, if it is not there.
   * @throws OutputError if it cannot be used.
   */
  openRing(directory: string, make: boolean): Ring;
  /** Opens a socket of another netlink protocol than generic netlink. @throws TransportError. */
  openNetlink(protocol: number): Transport;
  /** Identifies the network namespace of this process; undefined if /proc does not tell. */
  readonly networkNamespace: string | undefined;
  /** Writes a file of the kernel, such as one below /proc/sys. @throws OutputError. */
  writeKernelFile(path: string, text: string): void;
  /** Loads a kernel module by modprobe. @returns its message if it fails. */
  loadKernelModule(name: string): string | undefined;
  /**
   * The datagrams that come to an IPv4 multicast group within some time, and who sent them.
   * @param local the address of the interface that joins the group.
   * @returns none if the group cannot be joined.
   */
  hearMulticast(
    group: string,
    port: number,
    local: string,
    milliseconds: number,
  ): Promise<readonly HeardDatagram[]>;
  /**
   * Runs another program of this machine with `input` as its standard input.
   * @returns undefined if there is no such program.
   */
  runProgram(name: string, args: readonly string[], input: string): ProgramRun | undefined;
  /** The same, without input and without waiting for it. @param timeout in milliseconds. */
  runProgramAside(name: string, args: readonly string[], timeout: number): Promise<ProgramRun | undefined>;
  /** A client that begins to count at once. */
  countLosses(target: CountingTarget): CountingClient;
  /**
   * Runs the helper for what Node has no system calls for (src/engines/quickjs/packets.c).
   * @returns undefined if the native executable is not there.
   */
  runPackets(args: readonly string[]): ProgramRun | undefined;
  /** Opens a TCP connection, sends a request if there is one, and waits for the answer. Never fails. */
  call(target: CallTarget): Promise<Call>;
  /** Makes a directory (mode 0700 unless said otherwise), and those around it. @throws OutputError. */
  makeDirectory(path: string, mode?: number): void;
  /** Makes a symbolic link to `target` in place of what is at `path`. @throws OutputError. */
  makeLink(target: string, path: string): void;
  /** How a service of this machine runs this program: its absolute path, and the PATH that it needs. */
  readonly programPath: { readonly program: string; readonly searchPath: string };
  /** Removes a file if it is there. @throws OutputError. */
  removeFile(path: string): void;
  /** The path that a symbolic link leads to; any other path unchanged. */
  followLinks(path: string): string;
  /**
   * The blocks of a file, each valid until the next.
   * @param failed receives the errno if the file cannot be read to its end.
   */
  fileBlocks(path: string, failed: (errno: number) => void): Iterable<Uint8Array>;
  /** Identifies a file whatever its path; undefined if it cannot be determined. */
  fileIdentity(path: string): string | undefined;
  /** The type and permissions of a file (st_mode of stat(2)); undefined if there is no such file. */
  fileMode(path: string): number | undefined;
  /**
   * Runs a command of this program in the network namespace of a file.
   * @param capture whether to return its output; otherwise it writes to our standard output and
   * error.
   */
  runInNamespace(path: string, args: readonly string[], capture: boolean): ProgramRun | NamespaceFailure;
  /**
   * Runs a command of this program in a new network namespace, with its loopback interface up and
   * `input` as standard input.
   * @param refused receives the reason if the namespace cannot be created.
   * @returns how it ended; undefined if the namespace cannot be created.
   */
  runInNewNamespace(
    args: readonly string[],
    input: Uint8Array,
    refused: (why: string) => void,
  ): ProgramRun | undefined;
}

/** What a call is to do. Texts have one character per byte. */
export interface CallTarget {
  readonly address: string;
  readonly port: number;
  /** The address of this machine that it comes from; undefined: the kernel's choice. */
  readonly from?: string | undefined;
  /** The port that it comes from. */
  readonly localPort: number;
  /** What is sent once it is connected; undefined: the connection is closed then. */
  readonly request?: string | undefined;
  /** The longest that all of it may take, in milliseconds. */
  readonly timeout: number;
}

/** How a call went. Times are in milliseconds since its beginning. */
export interface Call {
  /** The end on this machine; no address if it was never connected. */
  readonly source: { readonly address?: string | undefined; readonly port: number };
  readonly connected?: number | undefined;
  /** When the first byte of the answer came, and when the other end closed. */
  readonly answered?: number | undefined;
  readonly ended?: number | undefined;
  /** The first 64 KiB of the answer. */
  readonly answer: string;
  /** The errno's name, such as ECONNREFUSED, or ETIMEDOUT when the time was over. */
  readonly failure?: string | undefined;
}

export interface HeardDatagram {
  readonly sender: string;
  readonly bytes: Uint8Array;
}

/** The lock ends with `release`, or with this process. */
export type LockAttempt =
  | { readonly kind: 'taken'; release(): void }
  /** Another process has it; `holder` is its id, if it is known. */
  | { readonly kind: 'held'; readonly holder: number | undefined }
  /** It cannot be taken on this machine. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** How a program ended; output that was not captured is ''. */
export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
