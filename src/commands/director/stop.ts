import { IpvsCommand } from '../support/base';
import { order, orderFlags } from '../support/director';

export default class DirectorStop extends IpvsCommand {
  static override summary = 'end the director daemon; table and VIPs stay';
  static override examples = ['<%= config.bin %> director stop'];
  static override flags = orderFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorStop);
    await order(this.context, flags, '/v1/stop', {});
  }
}
