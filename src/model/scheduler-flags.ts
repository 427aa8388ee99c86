import { usageError } from '../errors/kernel-messages';
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

/**
 * The flag bits of `-b`: names with commas between them; empty items are skipped.
 * @param scheduler the scheduler of the same command line, '' for the default.
 * @throws IpvsadmError for an unknown name, or one that belongs to another scheduler.
 */
export function parseSchedulerFlags(text: string, scheduler: string): number {
  if (text === '') return 0;
  const items = text.split(',').filter((item) => item !== '');
  // C crashes on commas alone (docs/compatibility.md, only-commas).
  if (items.length === 0) throw usageError(`invalid scheduler flag \`${text}'`);
  return items.reduce((bits, item) => bits | flagBit(item, scheduler), 0);
}

function flagBit(item: string, scheduler: string): number {
  const bit = numbered.get(item) ?? named.get(scheduler)?.get(item);
  if (bit !== undefined) return bit;
  const foreign = [...named.values()].some((flags) => flags.has(item));
  throw usageError(`${foreign ? 'incompatible' : 'invalid'} scheduler flag \`${item}'`);
}

/** The names of the flag bits of a service, with commas; bits without a name are left out. */
export function formatSchedulerFlags(flags: number, scheduler: string): string {
  return [...(named.get(scheduler) ?? numbered)]
    .filter(([, bit]) => flags & bit)
    .map(([name]) => name)
    .join(',');
}
