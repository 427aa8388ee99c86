import type { Severity } from './diagnostics';
import type { Path } from './tree';

/** Something about one part of a document. */
export interface Finding {
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
  readonly severity: Severity;
}
