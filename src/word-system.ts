import type { System } from './system';

/** What word commands want of the world beside what every command wants; they run on Node only. */
export interface WordSystem extends System {
  /** Whether standard error is read by a person. */
  stderrIsTerminal(): boolean;
  /** Milliseconds since some moment. */
  now(): number;
  /** Puts `bytes` in a file's place: a reader sees the former file or the new one whole. @throws OutputError. */
  replaceFile(path: string, bytes: Iterable<Uint8Array>): void;
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
