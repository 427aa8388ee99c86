import type { Severity } from './diagnostics';
import type { Path } from './tree';

/** A problem of the part of a document that `path` leads to. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
  readonly severity: Severity;
}
