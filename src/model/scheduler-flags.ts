import { schedulers } from './schedulers';
import { serviceFlags } from './virtual-service';

/**
 * Names of the scheduler flag bits. sh and mh name the first two themselves and have no name for
 * the third; every other scheduler numbers them.
 */
const { scheduler1, scheduler2, scheduler3 } = serviceFlags;
type Flags = ReadonlyMap<string, number>;
const numbered: Flags = new Map([
  ['flag-1', scheduler1],
  ['flag-2', scheduler2],
  ['flag-3', scheduler3],
]);
const named: ReadonlyMap<string, Flags> = new Map(
  schedulers.flatMap(({ name, flags }) => (flags ? [[name, namedFlags(flags)]] : [])),
);

function namedFlags([first, second]: readonly [string, string]): Flags {
  return new Map([
    [first, scheduler1],
    [second, scheduler2],
  ]);
}

/** The flag names of all schedulers. */
export const schedulerFlagNames = [numbered, ...named.values()].flatMap((flags) => [...flags.keys()]);

/** All scheduler flag bits. */
export const SCHEDULER_FLAGS = scheduler1 | scheduler2 | scheduler3;

/** The flag bits that a scheduler takes, by name: the numbered ones and those it names itself. */
export function schedulerFlagBits(scheduler: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...numbered, ...(named.get(scheduler) ?? [])]);
}

/** The bit of a flag name with this scheduler; undefined if the scheduler has no such flag. */
export function schedulerFlagBit(name: string, scheduler: string): number | undefined {
  return numbered.get(name) ?? named.get(scheduler)?.get(name);
}

/** The scheduler that a named flag belongs to; undefined for numbered and unknown flags. */
export function schedulerOfFlag(name: string): string | undefined {
  return [...named].find(([, flags]) => flags.has(name))?.[0];
}

/** Whether a scheduler, whichever it is, names one of its flags so. */
export function isFlagOfAnyScheduler(name: string): boolean {
  return schedulerOfFlag(name) !== undefined;
}

/**
 * The names of the scheduler flags that are set, separated by commas; bits without a name are
 * omitted.
 */
export function formatSchedulerFlags(flags: number, scheduler: string): string {
  return [...(named.get(scheduler) ?? numbered)]
    .filter(([, bit]) => flags & bit)
    .map(([name]) => name)
    .join(',');
}
