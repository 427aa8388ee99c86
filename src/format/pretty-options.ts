import type { ListFormat } from '../command-line/request';
import type { NameSource } from '../platform/names';
import type { Changes } from './changes';
import type { GivenNames } from './given-names';

/** How tables for people are formatted. */
export interface PrettyOptions {
  readonly format: ListFormat;
  /** Show counters with all digits. */
  readonly exact: boolean;
  /** Undefined for numbers. */
  readonly names: NameSource | undefined;
  /** Those that people gave. */
  readonly given?: GivenNames | undefined;
  /** The width of the terminal in columns; undefined: unlimited. */
  readonly width: number | undefined;
  readonly colour: boolean;
  /** Marks what has changed since the listing before. */
  readonly changes?: Changes | undefined;
}
