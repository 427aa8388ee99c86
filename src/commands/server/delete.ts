import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServerDelete extends IpvsCommand {
  static override summary = summaryOf('delete-server');
  static override examples = [
    '<%= config.bin %> server delete --tcp 192.0.2.10:80 --real-server 10.0.0.17:80',
  ];
  static override flags = flagsFor('delete-server');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServerDelete);
    await this.perform(await this.requestFor('delete-server', flags));
  }
}
