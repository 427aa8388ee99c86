import type { Interfaces } from '@oclif/core';
import type { CommandName } from '../../../command-line/command-table';
import { flagsFor } from '../../support/option-flags';

/** The flags of a subcommand that takes several real servers. */
export function serversFlags(command: CommandName): Interfaces.FlagInput {
  const flags = flagsFor(command);
  const several = { multiple: true, multipleNonGreedy: true };
  return {
    ...flags,
    'real-server': {
      ...flags['real-server'],
      ...several,
      description: `${flags['real-server']!.description}; repeatable`,
    } as Interfaces.OptionFlag<string[]>,
  };
}
