/** Which checks are equal, so that one run serves them all. */
import type { Check, CheckPlace, CheckTiming } from '../model/check';
import type { CheckTarget } from '../model/director';
import { placeOf } from './place';
import { scriptEnvironment } from './script-environment';

/** What does not say what is tried: when it is tried, its name, and the place, which is resolved. */
const apart: Record<keyof CheckTiming | keyof CheckPlace | 'name', true> = {
  ...{ interval: true, fast: true, slow: true, timeout: true, fall: true, rise: true, initial: true },
  ...{ address: true, port: true, source: true, mark: true, via: true, name: true },
};

/**
 * A text that is the same for checks that try the same: kind, parameters, and the place that the
 * target gives; not timing, nor the name.
 */
export function checkIdentity(check: Check, target: CheckTarget): string {
  return `[${parametersOf(check)},${canonical(objectOf(check, target))}]`;
}

/** Many servers share a check of the document. */
const known = new WeakMap<Check, string>();

function parametersOf(check: Check): string {
  const text =
    known.get(check) ??
    canonical(Object.fromEntries(Object.entries(check).filter(([field]) => !(field in apart))));
  known.set(check, text);
  return text;
}

/** What the check is of. */
function objectOf(check: Check, target: CheckTarget): unknown {
  // A file is the same for every server; a script may read all of its environment.
  if (check.type === 'file') return null;
  if (check.type === 'script') return scriptEnvironment(check, target);
  return placeOf(check, target);
}

/** JSON with the fields of objects in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
