/** Warns of certificates that end. */
import type { Check } from '../model/check';
import type { Events } from './events';
import type { Job } from './runner';
import type { TimedResult } from './types';

const DAY = 86_400_000;

/** Each certificate is told of once. */
export class Certificates {
  readonly #told = new Map<string, number>();

  constructor(
    readonly events: Events,
    readonly wallClock: () => number,
  ) {}

  heard(job: Job, { certificateEnds }: TimedResult): void {
    if (certificateEnds === undefined || this.#told.get(job.key) === certificateEnds) return;
    const text = certificateText(job, certificateEnds, this.wallClock());
    if (text === undefined) return;
    this.#told.set(job.key, certificateEnds);
    const of = { service: job.target.service.name, server: job.target.server.name };
    this.events.tell('certificate', `${of.service}/${of.server}: ${text}`, of);
  }

  /** Forgets checks that are no longer run. */
  keep(isRun: (key: string) => boolean): void {
    for (const key of this.#told.keys()) if (!isRun(key)) this.#told.delete(key);
  }
}

/** @param ends milliseconds since 1970. @returns undefined while there is enough time. */
export function certificateText(
  { check }: { readonly check: Check },
  ends: number,
  now: number,
): string | undefined {
  const warnDays = 'tls' in check ? check.tls?.warnDays : undefined;
  if (warnDays === undefined || ends - now >= warnDays * DAY) return undefined;
  const days = Math.floor((ends - now) / DAY);
  return days < 0
    ? 'its certificate has ended'
    : `its certificate ends in ${days} ${days === 1 ? 'day' : 'days'}`;
}
