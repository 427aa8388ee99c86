import * as Flags from '@oclif/core/flags';
import { usageError } from '../../errors/ipvsadm-error';

/** The longest time that a timer of Node can measure, in seconds. */
const MAX_LENGTH = 2_147_483;

/** A flag for a time in seconds, which comes out in milliseconds. */
export const secondsFlag = Flags.custom<number, { least: number }>({
  helpValue: 'SECONDS',
  parse: async (text, _context, { least, name }) => {
    const seconds = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
    if (seconds >= least && seconds <= MAX_LENGTH) return seconds * 1000;
    throw usageError(`ipvsadm: --${name} must be ${least} to ${MAX_LENGTH} seconds`);
  },
});
