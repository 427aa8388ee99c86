import { summaryOf } from '../../command-line/command-table';
import { IpvsCommand } from '../support/base';
import { flagsFor } from '../support/option-flags';

export default class ServiceEdit extends IpvsCommand {
  static override summary = summaryOf('edit-service');
  static override examples = ['<%= config.bin %> service edit --tcp 192.0.2.10:80 --scheduler rr'];
  static override flags = flagsFor('edit-service');

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceEdit);
    await this.perform(await this.requestFor('edit-service', flags));
  }
}
