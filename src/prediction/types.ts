/** What the prediction of a scheduler's choice needs. */

/** A real server as the scheduler sees it. `name` identifies it. */
export interface Candidate {
  readonly name: string;
  /** 4 or 16 bytes in network order. */
  readonly address: Uint8Array;
  /** Host order. */
  readonly port: number;
  readonly weight: number;
  /** The weight that mh remembers while the weight is 0; undefined: it is not known. */
  readonly lastWeight?: number | undefined;
  /** Whether its upper threshold keeps new connections away. */
  readonly overloaded: boolean;
}

/** A connection that a client opens. */
export interface Call {
  /** The client's address: 4 or 16 bytes. */
  readonly source: Uint8Array;
  /** The client's port. */
  readonly port: number;
  /** The address that it connects to. */
  readonly destination: Uint8Array;
}

export interface SchedulerSettings {
  /** Whether the client's port counts (sh-port, mh-port). */
  readonly withPort: boolean;
  /** Whether another server takes over from one that is not available (sh-fallback, mh-fallback). */
  readonly fallback: boolean;
}

/** Chooses as the kernel does; undefined: the connection is refused. */
export type Choose = (call: Call) => Candidate | undefined;

/** @param servers in the kernel's order: the newest first. */
export type Predictor = (servers: readonly Candidate[], settings: SchedulerSettings) => Choose;

/** Whether a scheduler may choose the server. */
export function isAvailable({ weight, overloaded }: Candidate): boolean {
  return weight > 0 && !overloaded;
}
