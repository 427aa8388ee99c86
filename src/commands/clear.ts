import { summaryOf } from '../command-line/command-table';
import { IpvsCommand } from './support/base';
import { changeFlags } from './support/dry-run';
import { flagsFor } from './support/option-flags';

export default class Clear extends IpvsCommand {
  static override summary = summaryOf('flush');
  static override examples = ['<%= config.bin %> clear'];
  static override flags = { ...flagsFor('flush'), ...changeFlags };

  async run(): Promise<void> {
    const { flags } = await this.parse(Clear);
    await this.perform(await this.requestFor('flush', flags));
  }
}
