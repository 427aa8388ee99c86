import type { Severity } from './diagnostics';

/**
 * So many errors are collected, and so many other problems: a mistake in every line of a large file
 * must not need more memory than the file.
 */
export const MAX_PROBLEMS = 1000;

/** Collects problems or findings. The last one says that there are more, at its place. */
export class ProblemList<T extends { readonly severity: Severity; readonly message: string }> {
  readonly problems: T[] = [];
  #errors = 0;
  #others = 0;

  /** Whether there are so many errors that looking for more is of no use. */
  get full(): boolean {
    return this.#errors > MAX_PROBLEMS;
  }

  add(problem: T): void {
    const count = problem.severity === 'error' ? ++this.#errors : ++this.#others;
    if (count <= MAX_PROBLEMS) this.problems.push(problem);
    else if (count === MAX_PROBLEMS + 1) this.problems.push({ ...problem, message: more(problem.severity) });
  }
}

function more(severity: Severity): string {
  const what = severity === 'error' ? 'errors' : 'warnings and notes';
  return `more than ${MAX_PROBLEMS} ${what}: the rest is not reported`;
}
