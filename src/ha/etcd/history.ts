/**
 * Notices a store that went back: put back from a snapshot, or built anew. What is read in it may be
 * of an earlier time, when another director led; the one that leads now has VIPs for up to a lease.
 */
import { KERNEL_LATE } from './lease';
import type { Head } from './store';

export class History {
  #newest: Head | undefined;
  #trustedFrom = Number.NEGATIVE_INFINITY;

  constructor(newest?: Head | undefined) {
    this.#newest = newest;
  }

  get newest(): Head | undefined {
    return this.#newest;
  }

  /** Before this time nobody may take the VIPs by what is in the store. */
  get trustedFrom(): number {
    return this.#trustedFrom;
  }

  /**
   * @param ttl the life of a lease in milliseconds.
   * @returns what is wrong with the store, in words.
   */
  saw(head: Head, now: number, ttl: number): string | undefined {
    const former = this.#newest;
    this.#newest = head;
    const problem = former && wentBack(former, head);
    if (problem !== undefined) this.#trustedFrom = now + ttl + KERNEL_LATE;
    return problem;
  }
}

function wentBack(former: Head, head: Head): string | undefined {
  if (former.store !== head.store) {
    return `the store is another one: cluster ${head.store}, until now ${former.store}`;
  }
  if (head.revision < former.revision) {
    return `the store went back from revision ${former.revision} to ${head.revision}`;
  }
  return head.term < former.term
    ? `the store was built anew: term ${head.term}, until now ${former.term}`
    : undefined;
}
