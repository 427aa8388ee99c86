/** The schedulers of Linux 7.2 (net/netfilter/ipvs/Kconfig) and what differs between them. */

/** How a scheduler distributes new connections over the real servers. */
export type Spread = 'by weight' | 'evenly' | 'first' | 'none';

export interface Scheduler {
  /** The name in IPVS_SVC_ATTR_SCHED_NAME; the module is `ip_vs_NAME`. */
  readonly name: string;
  /** Real servers of weight 0 get no new connections whatever the scheduler. */
  readonly spread: Spread;
  /** The names of its first two flags; absent: `flag-1`, `flag-2` and `flag-3`. */
  readonly flags?: readonly [string, string];
}

/** In the order of the help. */
export const schedulers: readonly Scheduler[] = [
  { name: 'rr', spread: 'evenly' },
  { name: 'wrr', spread: 'by weight' },
  { name: 'lc', spread: 'evenly' },
  { name: 'wlc', spread: 'by weight' },
  { name: 'lblc', spread: 'by weight' },
  { name: 'lblcr', spread: 'by weight' },
  { name: 'dh', spread: 'evenly' },
  { name: 'sh', spread: 'by weight', flags: ['sh-fallback', 'sh-port'] },
  { name: 'sed', spread: 'by weight' },
  { name: 'nq', spread: 'by weight' },
  { name: 'fo', spread: 'first' },
  { name: 'ovf', spread: 'first' },
  { name: 'mh', spread: 'by weight', flags: ['mh-fallback', 'mh-port'] },
  { name: 'twos', spread: 'by weight' },
  { name: 'none', spread: 'none' },
];

export const schedulerNames: readonly string[] = schedulers.map(({ name }) => name);

/** The scheduler of a service that names none (ipvsadm.c, DEF_SCHED). */
export const DEFAULT_SCHEDULER = 'wlc';

/** Not a module: the kernel's name for a service without a scheduler. */
export const NO_SCHEDULER = 'none';

/** The persistence engines of Linux 7.2; the module is `ip_vs_pe_NAME`. */
export const persistenceEngines: readonly string[] = ['sip'];

/**
 * How a scheduler distributes new connections; one that is not in the table is taken to go by
 * weight.
 */
export function spreadOf(scheduler: string): Spread {
  return schedulers.find(({ name }) => name === scheduler)?.spread ?? 'by weight';
}
