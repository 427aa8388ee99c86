import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServerAdd extends IpvsCommand {
  static override summary = summaryOf('add-server');
  static override examples = [
    '<%= config.bin %> server add --tcp 192.0.2.10:80 --real-server 10.0.0.17 --gatewaying',
    '<%= config.bin %> server add -t 192.0.2.10:80 -r 10.0.0.18:8080 -m --weight 3',
  ];
  static override flags = flagsFor('add-server');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerAdd);
    await this.perform(await this.requestFor('add-server', flags));
  }
}
