/** How long the table is left alone: what others change is found by reading it again. */

/** Half a second for the pass itself: what others change is repaired within five. */
const RESYNC = 4500;
const LONG_RESYNC = 30_000;
/** A table of more real servers is read in whole less often. */
const LARGE = 10_000;

/** The milliseconds from one pass over the whole table to the next. */
export function resyncOf(roster: ReadonlyMap<string, { readonly members: readonly unknown[] }>): number {
  let servers = 0;
  for (const { members } of roster.values()) servers += members.length;
  return servers > LARGE ? LONG_RESYNC : RESYNC;
}
