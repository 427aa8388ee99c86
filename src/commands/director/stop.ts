import { IpvsCommand } from '../support/base';
import { jsonFlag, order, socketFlag } from '../support/director';

export default class DirectorStop extends IpvsCommand {
  static override summary = 'end the director daemon; table and VIPs stay';
  static override examples = ['<%= config.bin %> director stop'];
  static override flags = { ...socketFlag, ...jsonFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(DirectorStop);
    await order(this.context, flags, '/v1/stop', {});
  }
}
