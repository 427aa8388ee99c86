import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServerEdit extends IpvsCommand {
  static override summary = summaryOf('edit-server');
  static override examples = [
    '<%= config.bin %> server edit -t 192.0.2.10:80 -r 10.0.0.17 --gatewaying --weight 0',
  ];
  static override flags = flagsFor('edit-server');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerEdit);
    await this.perform(await this.requestFor('edit-server', flags));
  }
}
