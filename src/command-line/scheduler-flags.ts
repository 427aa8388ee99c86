import { isFlagOfAnyScheduler, schedulerFlagBit } from '../model/scheduler-flags';
import { CommandLineError } from './command-line-error';

/**
 * Parses the value of `-b`, flag names separated by commas, into flag bits. Empty items are
 * skipped.
 * @param scheduler the scheduler of the same command line; '' for the default.
 * @throws IpvsadmError if a name is unknown or belongs to another scheduler.
 */
export function parseSchedulerFlags(text: string, scheduler: string): number {
  if (text === '') return 0;
  const items = text.split(',').filter((item) => item !== '');
  // C crashes on commas alone (docs/compatibility.md, only-commas).
  if (items.length === 0) throw flagError('invalid', text);
  return items.reduce((bits, item) => bits | flagBit(item, scheduler), 0);
}

function flagBit(item: string, scheduler: string): number {
  const bit = schedulerFlagBit(item, scheduler);
  if (bit !== undefined) return bit;
  throw flagError(isFlagOfAnyScheduler(item) ? 'incompatible' : 'invalid', item);
}

function flagError(problem: 'incompatible' | 'invalid', text: string): CommandLineError {
  return new CommandLineError(`${problem} scheduler flag \`${text}'`, { options: ['sched-flags'] });
}
