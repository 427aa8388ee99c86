import * as Args from '@oclif/core/args';
import { unicodeFromBytes } from '../../bytes/unicode';
import { IpvsCommand } from '../support/base';
import { order, orderFlags } from '../support/director';

export default class DirectorAdopt extends IpvsCommand {
  static override summary = 'let the director daemon take over a service that others made or fight for';
  static override examples = ['<%= config.bin %> director adopt web'];
  static override args = {
    name: Args.string({ required: true, description: 'its name or key', ignoreStdin: true }),
  };
  static override flags = orderFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(DirectorAdopt);
    await order(this.context, flags, '/v1/adopt', { service: unicodeFromBytes(args.name) });
  }
}
