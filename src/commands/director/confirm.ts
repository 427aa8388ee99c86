import { IpvsCommand } from '../support/base';
import { order, orderFlags } from '../support/director';

export default class DirectorConfirm extends IpvsCommand {
  static override summary = 'keep what director reload --confirm has put into effect';
  static override examples = ['<%= config.bin %> director confirm'];
  static override flags = orderFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorConfirm);
    await order(this.context, flags, '/v1/confirm', {});
  }
}
