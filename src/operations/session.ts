import type { Names } from '../platform/names';
import type { Output } from '../platform/output';
import type { Progress } from '../platform/progress';
import type { System } from '../platform/system';
import type { IpvsConnection } from './connect';

/** Everything that running a request needs. */
export interface Session {
  readonly system: System;
  readonly names: Names;
  readonly output: Output;
  readonly connection: IpvsConnection;
  /**
   * The lines of a restore that replaces the table, in blocks, if they were read beforehand. They
   * must not wait.
   */
  readonly replacement?: Iterator<Uint8Array, undefined> | undefined;
  /** The progress line of a restore, if it is to be shown. */
  readonly progress?: Progress | undefined;
}
