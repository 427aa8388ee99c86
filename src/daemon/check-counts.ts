/** Counts the checks that ended, by what they are of and how they ended. */
import type { Check, CheckResult } from '../model/check';
import type { CheckTarget } from '../model/director';
import type { Sample } from './exposition';

export class CheckCounts {
  readonly #counts = new Map<string, { readonly labels: Record<string, string>; value: number }>();

  count(check: Check, { service, server }: CheckTarget, { ok }: CheckResult): void {
    const labels = {
      service: service.name,
      server: server.name,
      check: check.name ?? check.type,
      result: ok ? 'success' : 'failure',
    };
    const key = `${labels.service}\n${labels.server}\n${labels.check}\n${labels.result}`;
    const known = this.#counts.get(key);
    if (known) known.value += 1;
    else this.#counts.set(key, { labels, value: 1 });
  }

  /** Forgets those of servers that are no longer there. */
  keep(servers: ReadonlySet<string>): void {
    for (const [key, { labels }] of this.#counts) {
      if (!servers.has(`${labels.service}/${labels.server}`)) this.#counts.delete(key);
    }
  }

  samples(): readonly Sample[] {
    return [...this.#counts.values()];
  }
}
