import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServiceDelete extends IpvsCommand {
  static override summary = summaryOf('delete-service');
  static override examples = ['<%= config.bin %> service delete --tcp 192.0.2.10:80'];
  static override flags = flagsFor('delete-service');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceDelete);
    await this.perform(await this.requestFor('delete-service', flags));
  }
}
