/** Warns of certificates that end. */
import type { Check } from '../model/check';

const DAY = 86_400_000;

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
