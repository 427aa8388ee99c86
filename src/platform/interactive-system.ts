import type { NamespaceFailure, System } from './system';

/** The signals that a person or a script stops a command with, and their numbers (signal(7)). */
export const interruptions = { SIGINT: 2, SIGTERM: 15 } as const;
export type Interruption = keyof typeof interruptions;

/** Waits some milliseconds, or until a signal came, also before it was called: that is then returned. */
export type Sleep = (milliseconds: number) => Promise<Interruption | undefined>;

/** What word commands want of the world beside what every command wants; they run on Node only. */
export interface InteractiveSystem extends System {
  /** The columns of the terminal that standard output is; undefined when it is none. */
  stdoutWidth(): number | undefined;
  /** Milliseconds since some moment. */
  now(): number;
  /** Does `work`; SIGINT and SIGTERM then end its sleeps, and not the program. */
  interruptible<T>(work: (sleep: Sleep) => Promise<T>): Promise<T>;
  /** Puts `bytes` in a file's place: a reader sees the former file or the new one whole. @throws OutputError. */
  replaceFile(path: string, bytes: Iterable<Uint8Array>): void;
  /** A file block by block, each good until the next. What keeps it from being read to its end is told to `failed`. */
  fileBlocks(path: string, failed: (errno: number) => void): Iterable<Uint8Array>;
  /** What tells a file from others, whatever its paths; undefined when it cannot be had. */
  fileIdentity(path: string): string | undefined;
  /**
   * Runs a command of this program in the network namespace of a file.
   * @param capture whether what it prints is returned; else it goes where ours goes.
   */
  runInNamespace(path: string, args: readonly string[], capture: boolean): NamespaceRun | NamespaceFailure;
  /**
   * Runs a command of this program in a network namespace of its own, loopback up, on `input`.
   * @returns what it printed; undefined when there can be no such namespace: why not is told to `refused`.
   */
  runInNewNamespace(
    args: readonly string[],
    input: Uint8Array,
    refused: (why: string) => void,
  ): string | undefined;
}

/** How a run in a network namespace ended; the texts are '' where they were not captured. */
export interface NamespaceRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}
