import type { Connection } from './connect';
import type { Names } from './names';
import type { Output } from './output';
import type { RestoreProgress } from './restore-progress';
import type { System } from './system';

/** What a request needs to be carried out. */
export interface Session {
  readonly system: System;
  readonly names: Names;
  readonly output: Output;
  readonly connection: Connection;
  /** Shown while a restore goes on, where that is wanted. */
  readonly progress?: RestoreProgress | undefined;
}
