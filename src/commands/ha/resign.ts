import { IpvsCommand } from '../support/base';
import { order, orderFlags } from '../support/director';

export default class HaResign extends IpvsCommand {
  static override summary = 'hand the VIPs over to another director';
  static override description =
    'For work on this machine: connections go on if the directors synchronise them. Nothing happens ' +
    'unless another director is there that can take the VIPs.';
  static override examples = ['<%= config.bin %> ha resign'];
  static override flags = orderFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(HaResign);
    await order(this.context, flags, '/v1/ha/resign', {});
  }
}
