/** A client that counts what it loses while something happens. */

export interface CountingTarget {
  readonly address: string;
  readonly port: number;
  /** How many connections stay: each begins a request of HTTP, goes on with it, and ends it at the end. */
  readonly connections: number;
}

/** Since the last mark. Times are in milliseconds. */
export interface LossCount {
  /** Connections that were opened for a moment, and those that were not there within 250 ms. */
  readonly requests: number;
  readonly lost: number;
  /** From the first one that was lost to the first one after the last; 0 if none was lost. */
  readonly gap: number;
}

export interface CountingClient {
  /** Resolves when all connections that stay are there; false: they are not. */
  ready(): Promise<boolean>;
  mark(): void;
  count(): LossCount;
  /** Ends it. @returns how many of the connections that stay were not answered. */
  end(): Promise<number>;
}
