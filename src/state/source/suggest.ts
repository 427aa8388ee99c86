/** Longest name that is compared: the cost is the product of the two lengths. */
const MAX_LENGTH = 64;

/**
 * Returns the hint "did you mean" with the known name that is nearest; undefined when none is near.
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((found) => found.distance <= Math.max(1, found.candidate.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return best && `did you mean '${best.candidate}'?`;
}

/** Returns `known`, sorted by edit distance from `name`. */
export function nearestFirst(name: string, known: readonly string[]): string[] {
  return known
    .map((candidate) => ({ candidate, distance: distance(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}

/** Letters to change, add or drop, and neighbours to swap (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          row[j]! + 1,
          next[j - 1]! + 1,
          row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
          swapped ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** The same mistake is often made in every line: each hint is computed once. */
const hints = new Map<string, string | undefined>();

/** A hint with more names would not help. */
const MAX_NAMES = 60;

/** Returns a hint: the nearest known name, or when none is near, all of them. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  const names = known.join(', ');
  const asked = `${name} ${names}`;
  if (!hints.has(asked)) {
    hints.set(asked, nearest(name, known) ?? (known.length > MAX_NAMES ? undefined : `known: ${names}`));
  }
  return hints.get(asked);
}
