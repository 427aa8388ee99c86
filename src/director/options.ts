/** What a daemon is started with beside its world and document. */
import type { Check } from '../model/check';
import type { CheckTarget, Configuration } from '../model/director';

export interface DirectorOptions {
  /** A text that is the same for checks that try the same: `checkIdentity`. */
  identity(check: Check, target: CheckTarget): string;
  /** Services of others that the document has become ours, whatever they look like. */
  readonly takeOver?: boolean | undefined;
  /** Hears which configuration is in use, at the start and after each reload. */
  readonly using?: ((configuration: Configuration) => void) | undefined;
  /** Who starts it. */
  readonly author?: string | undefined;
  /** How many checks run at the same time at most. */
  readonly checks?: number | undefined;
}
