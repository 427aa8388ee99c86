import * as Args from '@oclif/core/args';

/** The argument that says which sync daemon is meant. */
export const stateArgument = {
  state: Args.string({
    required: true,
    ignoreStdin: true,
    options: ['master', 'backup'],
    description: 'which sync daemon',
  }),
};
