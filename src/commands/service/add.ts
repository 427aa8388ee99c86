import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServiceAdd extends IpvsCommand {
  static override summary = summaryOf('add-service');
  static override examples = [
    '<%= config.bin %> service add --tcp 192.0.2.10:80 --scheduler wrr --persistent 300',
    '<%= config.bin %> service add --fwmark 7 --ipv6',
  ];
  static override flags = flagsFor('add-service');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceAdd);
    await this.perform(await this.requestFor('add-service', flags));
  }
}
