/** A directory of numbered files, of which the oldest go. */
export interface Ring {
  /** The numbers of its files, lowest first. @throws OutputError. */
  numbers(): number[];
  /** The size of a file in bytes; 0 if it is gone. */
  size(number: number): number;
  /** At most the first `most` bytes of a file, one character a byte; undefined if it cannot be read. */
  read(number: number, most: number): string | undefined;
  /**
   * Makes a file, of mode 0600: others see nothing of it, or all of it.
   * @returns false if there is a file of that number.
   * @throws OutputError: then nothing is left of it.
   */
  create(number: number, blocks: Iterable<Uint8Array>): boolean;
  /** Removes a file if it is there. @throws OutputError. */
  remove(number: number): void;
}
