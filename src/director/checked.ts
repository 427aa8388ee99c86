/** Which servers are checked: all but those in maintenance. */
import type { Book } from './book';
import type { Overrides } from './overrides';
import type { Runner } from './runner';

export interface CheckedParts {
  readonly book: Pick<Book, 'records' | 'get' | 'forgetState'>;
  readonly overrides: Pick<Overrides, 'admin'>;
  readonly runner: Pick<Runner, 'use' | 'job'>;
  /** What is kept of checks, as long as they are run. */
  readonly kept: readonly { keep(isRun: (key: string) => boolean): void }[];
}

export class Checked {
  readonly #maint = new Set<string>();

  constructor(readonly parts: CheckedParts) {}

  /** Documents or admin states may have changed. */
  use(now: number): void {
    const { book, overrides, runner, kept } = this.parts;
    for (const id of this.#maint) if (!book.get(id)) this.#maint.delete(id);
    const uses = [...book.records].flatMap((record) => {
      const { id } = record.member;
      const maint = overrides.admin(record.member) === 'maint';
      if (!maint && this.#maint.delete(id)) book.forgetState(record, now);
      if (maint) this.#maint.add(id);
      return maint ? [] : record.uses;
    });
    runner.use(uses);
    for (const each of kept) each.keep((key) => runner.job(key) !== undefined);
  }
}
