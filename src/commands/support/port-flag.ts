import * as Flags from '@oclif/core/flags';
import { parseNumber } from '../../command-line/values';
import { InvalidValueError } from './command-line-error';

const MAX_PORT = 65535;

/** A flag whose value is a port. */
export const portFlag = Flags.custom<number>({
  helpValue: 'PORT',
  parse: async (text) => {
    const port = parseNumber(text, 1, MAX_PORT);
    if (port !== undefined) return port;
    throw new InvalidValueError(`must be a port from 1 to ${MAX_PORT}`);
  },
});
