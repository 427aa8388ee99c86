import * as Flags from '@oclif/core/flags';
import { quietFlag } from './quiet';

/** The flags of the commands that change the table. */
export const changeFlags = {
  'dry-run': Flags.boolean({ description: 'change nothing; print what would change, as diff does' }),
  ...quietFlag,
};
