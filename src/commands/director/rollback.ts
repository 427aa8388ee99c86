import * as Args from '@oclif/core/args';
import { IpvsCommand } from '../support/base';
import { CommandLineError } from '../support/command-line-error';
import { order, orderFlags } from '../support/director';

export default class DirectorRollback extends IpvsCommand {
  static override summary = 'put an earlier document of the director daemon into effect again';
  static override examples = ['<%= config.bin %> director rollback', '<%= config.bin %> director rollback 7'];
  static override args = {
    generation: Args.string({
      description: 'its number in director history; default: the one before',
      ignoreStdin: true,
    }),
  };
  static override flags = orderFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorRollback);
    const { generation } = args;
    if (generation !== undefined && !/^[1-9]\d{0,8}$/.test(generation)) {
      throw new CommandLineError([`${generation}: must be a number of director history`]);
    }
    const body = generation === undefined ? {} : { generation: Number(generation) };
    await order(this.context, flags, '/v1/rollback', body);
  }
}
