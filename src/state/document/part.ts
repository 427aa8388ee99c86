import type { Finding } from '../source/finding';
import type { Path } from '../source/tree';
import type { ValueProblem } from './kinds';

/** A part of a document, and the list for its problems. */
export interface Part {
  readonly path: Path;
  readonly findings: Finding[];
}

/** Reports an error at `inner` in a part. */
export function report({ path, findings }: Part, inner: Path, problem: ValueProblem): void {
  findings.push({ path: [...path, ...inner], ...problem, severity: 'error' });
}
