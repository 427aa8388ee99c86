import type { NamespaceFailure, System } from './system';

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
  /** Milliseconds since an arbitrary moment. */
  now(): number;
  /**
   * Runs `work`. Meanwhile SIGINT and SIGTERM end its sleeps and not the program; a second signal
   * ends it at once. A sleep of 0 milliseconds takes no time.
   * @param ending called before a second signal ends the program.
   */
  interruptible<T>(work: (sleep: Sleep) => Promise<T>, ending?: () => void): Promise<T>;
  /** Tries to take the lock of the table of this network namespace. Does not wait. */
  lockTable(): LockAttempt;
  /**
   * Replaces the content of a file atomically: a reader sees the old file or the new one, of the same
   * owner and mode. Writes to a device or pipe.
   * @throws OutputError.
   */
  replaceFile(path: string, bytes: Iterable<Uint8Array>): Promise<void>;
  /** The path that a symbolic link leads to; any other path unchanged. */
  followLinks(path: string): string;
  /**
   * The blocks of a file, each valid until the next.
   * @param failed receives the errno if the file cannot be read to its end.
   */
  fileBlocks(path: string, failed: (errno: number) => void): Iterable<Uint8Array>;
  /** Identifies a file whatever its path; undefined if it cannot be determined. */
  fileIdentity(path: string): string | undefined;
  /**
   * Runs a command of this program in the network namespace of a file.
   * @param capture whether to return its output; otherwise it writes to our standard output and
   * error.
   */
  runInNamespace(path: string, args: readonly string[], capture: boolean): NamespaceRun | NamespaceFailure;
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
  ): NamespaceRun | undefined;
}

/** The lock ends with `release`, or with this process. */
export type LockAttempt =
  | { readonly kind: 'taken'; release(): void }
  /** Another process has it; `holder` is its id, if it is known. */
  | { readonly kind: 'held'; readonly holder: number | undefined }
  /** It cannot be taken on this machine. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** How a run in a network namespace ended; output that was not captured is ''. */
export interface NamespaceRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
