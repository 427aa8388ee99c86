import type { Names } from '../platform/names';
import type { Output } from '../platform/output';
import type { Progress } from '../platform/progress';
import type { System } from '../platform/system';
import type { IpvsConnection } from './connect';

/** What a request needs to be carried out. */
export interface Session {
  readonly system: System;
  readonly names: Names;
  readonly output: Output;
  readonly connection: IpvsConnection;
  /** Shown while a restore goes on, where that is wanted. */
  readonly progress?: Progress | undefined;
}
