import type { Names } from '../platform/names';
import type { Output } from '../platform/output';
import type { System } from '../platform/system';
import type { IpvsConnection } from './connect';
import type { RestoreProgress } from './restore-progress';

/** Everything that running a request needs. */
export interface Session {
  readonly system: System;
  readonly names: Names;
  readonly output: Output;
  readonly connection: IpvsConnection;
  /** The progress line of a restore, if it is to be shown. */
  readonly progress?: RestoreProgress | undefined;
}
