import type { Change } from '../model/change';

/** What was asked of the kernel: a change, or the name of anything else. */
export interface Refused {
  /** A Request's kind, or 'connect'. */
  readonly operation: string;
  /** Positive. */
  readonly errno: number;
  /** What was asked for, where it was a change. */
  readonly change?: Change | undefined;
}
