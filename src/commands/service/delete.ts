import { summaryOf } from '../../command-line/command-table';
import type { Change } from '../../model/change';
import { IpvsCommand } from '../support/base';
import { changeFlags } from '../support/dry-run';
import { flagsFor } from '../support/option-flags';
import { missingOk } from '../support/tolerance';

export default class ServiceDelete extends IpvsCommand {
  static override summary = summaryOf('delete-service');
  static override examples = ['<%= config.bin %> service delete --tcp 192.0.2.10:80'];
  static override flags = { ...flagsFor('delete-service'), 'missing-ok': missingOk, ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(ServiceDelete);
    const request = (await this.requestFor('delete-service', flags)) as Change;
    await this.performAll([request], { missing: flags['missing-ok'] });
  }
}
