/** What the engine needs of the machine beside HaWorld: keepalived itself, its files, its neighbours. */

export interface KeepalivedHost {
  /** Files that keepalived and the daemon share. */
  readonly paths: { readonly fifo: string; readonly priority: string };
  /** Makes the directory and the FIFOs that are not there. @throws Error in words. */
  prepare(): Promise<void>;
  /**
   * The address that adverts come from: the first of the interface that is no VIP, of IPv4 rather than
   * IPv6 unless the family is given.
   */
  source(family?: 'ipv4' | 'ipv6'): string | undefined;
  /**
   * Lets keepalived check the configuration, and starts it under a guard, which ends it when it hears
   * nothing for 2.5 s. Resolves when the guard hears. Never rejects.
   * @returns what is wrong, in words.
   */
  launch(configuration: string): Promise<string | undefined>;
  /**
   * Tells the guard something: that this process lives, to be patient for 10 s once, to end.
   * @returns whether there is one that hears it: it ends with keepalived.
   */
  tell(what: 'alive' | 'wait' | 'quit'): boolean;
  /** What is added to the priority. @returns whether that changes it. @throws when the disk refuses. */
  addToPriority(value: number): boolean;
  /**
   * Reads a FIFO, also when it is made anew. Never throws.
   * @param problem why it cannot be read; undefined: it can.
   * @returns what ends that.
   */
  listen(
    path: string,
    heard: (text: string) => void,
    problem: (text: string | undefined) => void,
  ): () => void;
  /** The addresses of the same network that do not answer. Never rejects. */
  silent(addresses: readonly string[]): Promise<readonly string[]>;
}
