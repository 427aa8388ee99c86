import { serviceFlags } from './virtual-service';

/**
 * Names of the scheduler flag bits. sh and mh have names of their own for the first two and none for the
 * third; every other scheduler has numbered ones.
 */
const { scheduler1, scheduler2, scheduler3 } = serviceFlags;
type Flags = ReadonlyMap<string, number>;
const numbered: Flags = new Map([
  ['flag-1', scheduler1],
  ['flag-2', scheduler2],
  ['flag-3', scheduler3],
]);
const named: ReadonlyMap<string, Flags> = new Map(
  ['sh', 'mh'].map((scheduler) => [
    scheduler,
    new Map([
      [`${scheduler}-fallback`, scheduler1],
      [`${scheduler}-port`, scheduler2],
    ]),
  ]),
);

/** The names of all schedulers' flags. */
export const schedulerFlagNames = [numbered, ...named.values()].flatMap((flags) => [...flags.keys()]);

/** Every bit that belongs to the scheduler. */
export const SCHEDULER_FLAGS = scheduler1 | scheduler2 | scheduler3;

/** The bit that a name stands for with this scheduler; undefined when it has no such flag. */
export function schedulerFlagBit(name: string, scheduler: string): number | undefined {
  return numbered.get(name) ?? named.get(scheduler)?.get(name);
}

/** Whether any scheduler has names of its own for its flags and this is one of them. */
export function isFlagOfAnyScheduler(name: string): boolean {
  return [...named.values()].some((flags) => flags.has(name));
}

/** The names of the flag bits of a service, with commas; bits without a name are left out. */
export function formatSchedulerFlags(flags: number, scheduler: string): string {
  return [...(named.get(scheduler) ?? numbered)]
    .filter(([, bit]) => flags & bit)
    .map(([name]) => name)
    .join(',');
}
