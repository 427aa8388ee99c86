/**
 * The results of one second take out at most half of a service's servers: more is as likely to be a
 * fault of what is common to them. The others follow once they have failed twice more.
 */
const SAME_SECOND = 1000;

/** A server that is down. */
export interface Fallen {
  /** When it went down, in monotonic milliseconds. */
  readonly since: number;
  readonly confirmed: boolean;
}

/**
 * Whether each server that is down is held in for now.
 * @param count how many servers the service has.
 */
export function heldIn(fallen: readonly Fallen[], count: number): readonly boolean[] {
  const allowed = Math.max(1, Math.floor(count / 2));
  const held = fallen.map(() => false);
  if (fallen.length <= allowed) return held;
  const order = fallen.map((_, index) => index).sort((a, b) => fallen[a]!.since - fallen[b]!.since);
  let first = 0;
  for (const [place, index] of order.entries()) {
    const { since, confirmed } = fallen[index]!;
    while (since - fallen[order[first]!]!.since >= SAME_SECOND) first++;
    held[index] = !confirmed && place - first >= allowed;
  }
  return held;
}
