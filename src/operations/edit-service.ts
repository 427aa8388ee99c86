/** Changes given attributes of a virtual service and keeps the others: `service set`. */

import { parseSchedulerFlags } from '../command-line/scheduler-flags';
import type { Settings } from '../command-line/settings';
import { schedulerFlagProblems } from '../command-line/settings-problems';
import { usageError } from '../errors/ipvsadm-error';
import { onePacketAllowed, servicePortAllowed } from '../model/kernel-rules';
import { SCHEDULER_FLAGS } from '../model/scheduler-flags';
import { hostNetmask, serviceFlags, type VirtualService } from '../model/virtual-service';
import { serviceName } from '../state/table/table-state';
import { givenFields, type OptionTable, optionsOf } from './given-fields';

/** The fields that each option sets; the bits of `flags` are set below. */
const fields: OptionTable<Omit<VirtualService, 'key' | 'flags'>> = {
  scheduler: ({ scheduler }) => ({ scheduler }),
  persistent: ({ timeout }) => ({ timeout }),
  netmask: ({ netmask }) => ({ netmask }),
  pe: ({ persistenceEngine }) => ({ persistenceEngine }),
};

/** What takes an attribute away. */
export const removals = {
  'no-persistent': {
    summary: 'end persistence; takes away netmask and persistence engine',
    excludes: ['persistent', 'netmask', 'pe'],
    bits: serviceFlags.persistent,
    fields: ({ key }: VirtualService) => ({
      timeout: 0,
      netmask: hostNetmask(key.family),
      persistenceEngine: '',
    }),
  },
  'no-pe': {
    summary: 'take the persistence engine away',
    excludes: ['pe'],
    bits: 0,
    fields: () => ({ persistenceEngine: '' }),
  },
  'no-ops': { summary: 'end one-packet scheduling', excludes: ['ops'], bits: serviceFlags.onePacket },
  'no-sched-flags': {
    summary: 'take the scheduler flags away',
    excludes: ['sched-flags'],
    bits: SCHEDULER_FLAGS,
  },
} as const satisfies Readonly<Record<string, Removal>>;

interface Removal {
  readonly summary: string;
  /** Flags that set the same. */
  readonly excludes: readonly string[];
  /** Of the service's flags. */
  readonly bits: number;
  readonly fields?: (service: VirtualService) => Partial<VirtualService>;
}

/**
 * `live` with what the options set and take away.
 * @param flags the values of the flags, by name.
 * @throws IpvsadmError, status 2, when nothing is set or the result is not valid.
 */
export function changedService(
  live: VirtualService,
  settings: Settings,
  flags: Readonly<Record<string, unknown>>,
): VirtualService {
  const taken = Object.entries<Removal>(removals).filter(([name]) => flags[name] === true);
  checkSomethingSet(settings, taken.length);
  const merged = Object.assign(
    { ...live },
    ...taken.map(([, removal]) => removal.fields?.(live)),
    givenFields(fields, settings),
  ) as VirtualService;
  const removed = taken.reduce((bits, [, removal]) => bits | removal.bits, 0);
  const { scheduler } = merged;
  // Scheduler flags belong to a scheduler.
  const replaced = settings.given.has('sched-flags') || scheduler !== live.scheduler ? SCHEDULER_FLAGS : 0;
  const service = {
    ...merged,
    flags: (live.flags & ~(removed | replaced)) | givenBits(settings, scheduler),
  };
  const name = serviceName(live.key);
  if (!servicePortAllowed(service)) {
    throw usageError(`ipvsadm: --no-persistent: ${name} has port 0, which only persistent services can have`);
  }
  if (!onePacketAllowed(service)) {
    throw usageError(`ipvsadm: --ops: ${name} is not UDP: only UDP and firewall marks take single packets`);
  }
  return service;
}

function checkSomethingSet({ given }: Settings, removed: number): void {
  const setting = [...optionsOf(fields), 'ops', 'sched-flags'] as const;
  if (removed > 0 || setting.some((name) => given.has(name))) return;
  throw usageError(
    'ipvsadm: nothing to change: give --scheduler, --persistent, --sched-flags, --no-ops, ...',
  );
}

function givenBits({ given, schedulerFlags }: Settings, scheduler: string): number {
  const problems = schedulerFlagProblems(schedulerFlags, scheduler);
  if (problems.length > 0) throw usageError(problems.map((problem) => `ipvsadm: ${problem}`).join('\n'));
  return (
    parseSchedulerFlags(schedulerFlags, scheduler) |
    (given.has('persistent') ? serviceFlags.persistent : 0) |
    (given.has('ops') ? serviceFlags.onePacket : 0)
  );
}
