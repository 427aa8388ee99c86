import * as Flags from '@oclif/core/flags';
import { InvalidValueError } from './command-line-error';

/** The longest delay of a timer of Node, 2^31 - 1 milliseconds, in seconds. */
const MAX_SECONDS = 2_147_483;

/** A flag whose value is a time in seconds. Its parsed value is in milliseconds. */
export const secondsFlag = Flags.custom<number, { least: number }>({
  helpValue: 'SECONDS',
  parse: async (text, _context, { least }) => {
    const seconds = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
    if (seconds >= least && seconds <= MAX_SECONDS) return seconds * 1000;
    throw new InvalidValueError(`must be ${least} to ${MAX_SECONDS} seconds`);
  },
});
