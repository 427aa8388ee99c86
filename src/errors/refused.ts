import type { Change } from '../model/change';

/** A request that the kernel refused. */
export interface Refused {
  /** The kind of a Request, or 'connect'. */
  readonly operation: string;
  /** Positive. */
  readonly errno: number;
  /** The change, if the request was one. */
  readonly change?: Change | undefined;
}
