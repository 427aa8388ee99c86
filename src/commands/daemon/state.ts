import * as Args from '@oclif/core/args';

/** The argument that names a sync daemon. */
export const stateArgument = {
  state: Args.string({
    required: true,
    ignoreStdin: true,
    options: ['master', 'backup'],
    description: 'the sync daemon',
  }),
};
