import type { Connection } from './connect';
import type { Names } from './names';
import type { Output } from './output';
import type { System } from './system';

/** What a request needs to be carried out. */
export interface Session {
  readonly system: System;
  readonly names: Names;
  readonly output: Output;
  readonly connection: Connection;
}
