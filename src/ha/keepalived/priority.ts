/**
 * What director wins, as a priority of VRRP. keepalived's own `nopreempt` is not used: with it a leader
 * could only be relieved by giving up first, and the VIPs would be nowhere meanwhile. Instead each one
 * preempts, and a leader has the highest priority there is while it leads (unless it may be preempted).
 * A leader that wants to be relieved lowers its own, and the next one takes over while it still serves.
 */

const LEADING = 254;
const UNFIT_LEADER = 3;
const UNFIT = 1;
/** Of those that are fit: between the unfit and the leader, also when nudged. */
const LOWEST = 5;
const HIGHEST = 252;

export interface Standing {
  readonly leads: boolean;
  /** Whether it rather does not lead: something is missing, or it has resigned. */
  readonly unfit: boolean;
  readonly preempt: boolean;
  /**
   * Whether the priority is one off. keepalived tells of each change together with its state, so that a
   * change is how to ask it; the order of the directors stays the same.
   */
  readonly nudged: boolean;
}

/** @param own of the settings. */
export function priorityOf(own: number, { leads, unfit, preempt, nudged }: Standing): number {
  if (unfit) return (leads ? UNFIT_LEADER : UNFIT) + Number(nudged);
  if (leads && !preempt) return LEADING - Number(nudged);
  return Math.min(Math.max(own, LOWEST), HIGHEST) + Number(nudged);
}
