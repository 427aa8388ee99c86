import * as Flags from '@oclif/core/flags';
import { InvalidValueError } from './command-line-error';

/** A flag whose value is a whole number of a range. */
export const numberFlag = Flags.custom<number, { least: number; most: number }>({
  helpValue: 'N',
  parse: async (text, _context, { least, most }) => {
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidValueError(`must be ${least} to ${most}`);
  },
});
